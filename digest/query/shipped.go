package query

// shipped are the numbers that the program decides with.
var shipped = Model{
	learnedShare: 0.63, coverShare: 0.485, storyShare: 0.547, covers: 2.36, best: 0.83, least: 0.247,
	usual: 0.5, alikeShare: 0.3, width: 0.05, unusual: 1, crowd: 1,
	voteWeight: 1.43, voteStory: 0.244, liking: 3.8, sparing: 0.451, sides: 0.371, smooth: 2.26, sharp: 1.21, cleft: 0.338,
	agree: 0.142, slope: 0.266, spread: 2.86, voteUnusual: 0.528,
}
