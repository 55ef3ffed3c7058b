package query

// shipped are the numbers that the program decides with.
var shipped = Model{
	learnedShare: 0.63, coverShare: 0.485, storyShare: 0.547, covers: 2.36, best: 0.83, least: 0.247,
	usual: 0.5, alikeShare: 0.3, width: 0.05, unusual: 1, crowd: 1,
	voteWeight: 1.3, voteStory: 0.34, sides: 0.7, smooth: 1.27, sharp: 1.23, cleft: 0.37,
	agree: 0.3, slope: 1.94, spread: 2, voteUnusual: 0.68,
}
