package query

// shipped are the numbers that the program decides with.
var shipped = Model{
	learnedShare: 0.63, coverShare: 0.485, storyShare: 0.547, covers: 2.36, best: 0.83, least: 0.247,
	usual: 0.5, alikeShare: 0.3, width: 0.05, unusual: 1, crowd: 1,
	voteWeight: 2.7, voteStory: 0.387, liking: 5, sparing: 0.25, inviting: 0.3,
	sides: 0.191, smooth: 1.52, sharp: 1.17, trust: 0.434, majority: 0.705, chance: 1.12, cleft: 0.0619,
	slope: 0.0303, spread: 6.55, voteUnusual: 0.1,
}
