// The weights of titles are what this command writes, and nothing is changed in them:
//
//	evaluate train -generations 45 og2021-eng-dev.jsonl og2021-multi-dev.jsonl mstream-news-dev.jsonl
//
// Its generations and what a surplus of stories costs were chosen among ten
// settings tried on these sets, as that which meets all minima with most room.
//
// The command keeps the weights of texts, which were fitted by an older form of it to
// those sets, ecbplus-dev.jsonl, giveme5w1h-dev.jsonl and
// googlenews-ts-a.jsonl, and some of them then set by hand: what that fit put on
// timeless is on crowd but for 0.05, chosen for ecbplus-dev, and a quarter of the
// weights of the hours is taken back. This was chosen with the stories
// of cmd/tidings/sample in view as well as those sets, so none of them is a
// held-out measure of it. In other orders of the same articles ecbplus-dev has a
// B3 F1 of about 0.86 and not 0.89, and giveme5w1h-dev about 0.90 and not 0.95;
// expect that of other texts.

package cluster

// shipped are the weights that the program decides with.
var shipped = Model{
	{
		-3.4149, // bias
		2.2881,  // cosine
		2.0832,  // title cosine
		-0.3607, // title cover
		0.9057,  // title back
		0.1092,  // cover
		2.2360,  // back
		-1.1950, // nearest
		-0.2268, // rival
		0.0038,  // shared words
		0.2967,  // shared idf
		0.0726,  // log size
		-0.1989, // log hours
		-0.4517, // log hours nearest
		0.5363,  // timeless
		-0.3779, // title names missing
		-0.7860, // names missing
		0.3566,  // story names missing
		1.1214,  // heaviest missing
		2.0134,  // heaviest of story missing
		-0.0380, // numbers missing
		0.6209,  // years clash
		0.4800,  // foreign
		0.5892,  // typical cosine
		0.1085,  // crowd
	},
	{
		0.5000,   // bias
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
		-0.4000,  // log hours
		0.1500,   // log hours nearest
		0.0500,   // timeless
		-1.3669,  // title names missing
		-1.6210,  // names missing
		-2.2575,  // story names missing
		0.2313,   // heaviest missing
		-1.2767,  // heaviest of story missing
		-0.3853,  // numbers missing
		-1.8133,  // years clash
		0.0000,   // foreign
		0.6511,   // typical cosine
		-2.3500,  // crowd
	},
}
