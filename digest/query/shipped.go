package query

// shipped are the numbers that the program decides with.
var shipped = Model{
	learnedShare: 0.63, coverShare: 0.485, storyShare: 0.547, covers: 2.36, best: 0.83, least: 0.247,
	usual: 0.5, alikeShare: 0.3, width: 0.05, unusual: 1, crowd: 1,
	apart: 1.25, alike: 0.27, direct: 0.46, voteWeight: 0.8, voteStory: 0.32, bend: 1.6,
	sides: 0.56, sure: 3.9, smooth: 1.28, sharp: 1.12, agree: 0.35,
	slope: 4.35, spread: 1.88, voteCut: 0.1, voteUnusual: 7.7,
}
