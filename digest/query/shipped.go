package query

// shipped are the numbers that the program decides with.
var shipped = Model{
	learnedShare: 0.421, coverShare: 0.361, storyShare: 0.461, covers: 1.785, best: 0.893, least: 0.247,
	usual: 0.63, alikeShare: 0.547, width: 0.088, unusual: 0.636, crowd: 1.053,
	apart: 1.25, alike: 0.26, direct: 0.5, voteWeight: 0.5, voteStory: 0.32, more: 0.1, less: 0.1, both: 0, voteLeast: 0.2,
	sides: 0.5, sure: 3, smooth: 2, sharp: 1, voteCut: 0.1, voteUnusual: 1, agree: 0.3,
}
