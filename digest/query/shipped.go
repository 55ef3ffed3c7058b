package query

// shipped are the numbers that the program decides with.
var shipped = Model{
	learnedShare: 0.63, coverShare: 0.485, storyShare: 0.547, covers: 2.36, best: 0.83, least: 0.247,
	usual: 0.5, alikeShare: 0.3, width: 0.05, unusual: 1, crowd: 1,
	voteWeight: 1.3, voteStory: 0.32, sides: 0.63, smooth: 1.5, sharp: 1.28, cleft: 0.32,
	agree: 0.29, slope: 1.6, spread: 1.6, voteUnusual: 0.6,
}
