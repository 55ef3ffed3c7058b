package query

// Model is how a window decides: numbers that were chosen once, for all topics,
// on labelled news, by `evaluate topics -search`; those of votes then by hand among
// the best, as what `evaluate topics -votes` prints of other articles told.
type Model [modelSize]float64

const (
	// learnedShare is the part of the score that the learned words make.
	learnedShare = iota
	// coverShare is what a story's own coverage of the topic counts before
	// learning, storyShare what the mean score of the story counts after.
	coverShare
	storyShare
	// covers is how often a word of the topic stands in a story that is about
	// it: in one of so many articles.
	covers
	// best is how near to the best articles those are that are learned from.
	best
	// least is the score that any article needs, so that a topic without
	// articles stays without.
	least
	// usual is the part of the best score that articles need by and large.
	usual
	// alikeShare is what the mean score of the most similar articles counts.
	alikeShare
	// width is how far apart articles are told apart where the topic ends, in
	// the logarithm of the score; unusual is what it costs to end the topic
	// elsewhere than usual, and crowd how much less articles count in a crowd.
	width
	unusual
	crowd
	// voteWeight is what votes change of a score, in its logarithm, voteStory
	// the part of it that the article's story shares.
	voteWeight
	voteStory
	// liking is how much more what is like the liked gains when nothing was
	// disliked, and sparing the part that the rest then loses, or gains when
	// nothing was liked.
	liking
	sparing
	// inviting is how much an article must lean to what was liked to come in
	// when something was disliked.
	inviting
	// sides is what telling two sides apart counts; smooth is what it adds to
	// counts, and sharp how sure it gets.
	sides
	smooth
	sharp
	// trust is how much the scores tell of the sides, majority the log-odds that
	// an article is on the side of what was liked.
	trust
	majority
	// chance is how well sides must tell words apart to count at all, as a part
	// of what the best do by chance, and cleft how much better to count in full.
	chance
	cleft
	// slope is the log-odds of a step in the logarithm of the score, spread
	// the variance of where topics end: by these a vote moves the end.
	slope
	spread
	// voteUnusual is unusual when there are votes.
	voteUnusual
	modelSize
)

// OfVotes is where in a Model those numbers begin that matter only with votes.
const OfVotes = voteWeight

// Shipped returns the model that the program uses.
func Shipped() Model { return shipped }
