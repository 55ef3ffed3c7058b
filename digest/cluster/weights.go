// Weights fitted by
//
//	evaluate train -generations 14 og2021-eng-dev.jsonl og2021-multi-dev.jsonl ecbplus-dev.jsonl giveme5w1h-dev.jsonl mstream-news-dev.jsonl googlenews-ts-a.jsonl
//
// and some of them then set by hand. That data has no dense stream of texts
// with a clock, which is what the program meets: its sets with text have either
// no clock or few stories alive at a time. For texts, what the fit puts on
// timeless is therefore on crowd, and a quarter of the weights of the hours is
// taken back. This was chosen with the stories of cmd/tidings/sample in view as
// well as the sets above, so none of them is a held-out measure of it. Of the
// titles, 0.15 is off the bias and 0.52 on timeless. The command alone scores
// about the same in the mean and up to 0.025 lower or higher on single sets.

package cluster

// shipped are the weights that the program decides with.
var shipped = Model{
	{
		-0.7846, // bias
		0.5301,  // cosine
		0.9342,  // title cosine
		0.9548,  // title cover
		1.5658,  // title back
		0.9681,  // cover
		2.8970,  // back
		1.5619,  // nearest
		-6.4164, // rival
		-0.3997, // shared words
		0.8691,  // shared idf
		-0.3390, // log size
		-0.4349, // log hours
		-0.3874, // log hours nearest
		0.9687,  // timeless
		-0.2669, // title names missing
		-0.4123, // names missing
		-0.9368, // story names missing
		0.9405,  // heaviest missing
		-0.2257, // heaviest of story missing
		-0.1054, // numbers missing
		0.2561,  // years clash
		0.1704,  // foreign
		-1.0875, // typical cosine
		0.0000,  // crowd
	},
	{
		0.5,      // bias
		1.6972,   // cosine
		-0.3997,  // title cosine
		0.3114,   // title cover
		1.3333,   // title back
		1.9029,   // cover
		4.2291,   // back
		0.6786,   // nearest
		-10.0803, // rival
		0.0601,   // shared words
		0.2313,   // shared idf
		0.0781,   // log size
		-0.4,     // log hours
		0.15,     // log hours nearest
		0.0000,   // timeless
		-1.3669,  // title names missing
		-1.6210,  // names missing
		-2.2575,  // story names missing
		0.2313,   // heaviest missing
		-1.2767,  // heaviest of story missing
		-0.3853,  // numbers missing
		-1.8133,  // years clash
		0.0000,   // foreign
		0.6511,   // typical cosine
		-2.35,    // crowd
	},
}
