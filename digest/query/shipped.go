package query

// shipped are the numbers that the program decides with.
var shipped = Model{
	learnedShare: 0.63, coverShare: 0.485, storyShare: 0.547, covers: 2.36, best: 0.83, least: 0.247,
	usual: 0.5, alikeShare: 0.3, width: 0.05, unusual: 1, crowd: 1,
	voteWeight: 1.31, voteStory: 0.293, liking: 3.19, sparing: 0.505, sides: 0.48, smooth: 2.03, sharp: 1.21, cleft: 0.371,
	agree: 0.183, slope: 0.346, spread: 2.92, voteUnusual: 0.532,
}
