package query

// shipped are the numbers that the program decides with.
var shipped = Model{
	learnedShare: 0.63, coverShare: 0.485, storyShare: 0.547, covers: 2.36, best: 0.83, least: 0.247,
	usual: 0.5, alikeShare: 0.3, width: 0.05, unusual: 1, crowd: 1,
	voteWeight: 1.71, voteStory: 0.479, liking: 10.3, sparing: 0.333, sides: 0.479, smooth: 2.76, sharp: 1.27, cleft: 0.418,
	slope: 0.0665, spread: 6.99, voteUnusual: 0.126,
}
