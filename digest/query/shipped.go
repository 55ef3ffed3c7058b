package query

// shipped are the numbers that the program decides with.
var shipped = Model{
	learnedShare: 0.63, coverShare: 0.485, storyShare: 0.547, covers: 2.36, best: 0.83, least: 0.247,
	usual: 0.5, alikeShare: 0.3, width: 0.05, unusual: 1, crowd: 1,
	apart: 0.68, alike: 0.28, direct: 0.46, voteWeight: 0.78, voteStory: 0.61,
	sides: 0.68, smooth: 1.44, sharp: 1.41, cleft: 0.4, agree: 0.29,
	slope: 3.7, spread: 1.5, voteUnusual: 4.7,
}
