package query

// shipped are the numbers that the program decides with.
var shipped = Model{
	learnedShare: 0.63, coverShare: 0.485, storyShare: 0.547, covers: 2.36, best: 0.83, least: 0.247,
	usual: 0.5, alikeShare: 0.3, width: 0.05, unusual: 1, crowd: 1,
	voteWeight: 1.63, voteStory: 0.37, liking: 4, sparing: 0.58, sides: 0.7, smooth: 1.49, sharp: 1.23, cleft: 0.386,
	agree: 0.29, slope: 0.97, spread: 1.84, voteUnusual: 0.4,
}
