package query

import "strings"

// common are English words that are in the news every day, by about how many
// of a thousand articles have them. They stand for articles that were never
// seen, so that "talks" weighs less than "ukraine" from the first article on.
var common = map[float64]string{
	60: "say new year people time day government week",
	35: "world country state president minister police company million report make take first home city work group call " +
		"plan leader week month man woman national official former team",
	20: "win talk deal market price leave back show public health court school law vote election party power war attack " +
		"death die kill find house child family business service security record game final lead face hit open end start " +
		"change help play add support increase high large big small old long north south east west video news live top " +
		"meeting bank rate tax cut share rise fall case test study area member board office director chief campaign",
	10: "peace trade energy oil gas water food fire storm crime trial arrest judge jail victim injury hospital doctor " +
		"patient virus vaccine climate technology internet phone data social media film music star award book student " +
		"university job worker union strike protest army soldier border migrant refugee island sea air flight plane car " +
		"train road football league cup match coach player season goal medal gold race champion olympic athlete ceremony " +
		"summit treaty sanction budget debt economy growth inflation sale profit investor stock fund bill reform crisis",
}

// commonShares are the shares of common words, by hash.
func (r *reader) commonShares() map[uint64]float64 {
	shares := make(map[uint64]float64)
	seed := seedOf("en")
	for thousandth, words := range common {
		for w := range strings.FieldsSeq(words) {
			for _, read := range r.read("en", w) {
				h := hashOf(seed, read.Stem)
				shares[h] = max(shares[h], thousandth/1000)
			}
		}
	}
	return shares
}
