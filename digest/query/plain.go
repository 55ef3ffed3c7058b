package query

// plainWord is the word of a clause of a query that is nothing but plain
// words, as most are: these are decided without being read again.
type plainWord struct {
	key
	text string // as it was typed
}

// plainWords appends the word of each clause with its part of the weight, no
// hash for a function word. It returns nil unless every clause is a single
// plain word and one of them weighs something.
func (r *reader) plainWords(dst []plainWord, l list, code string) []plainWord {
	start, total := len(dst), 0.0
	for i := range l {
		c := &l[i]
		if c.mode != soft || len(c.any) > 1 || c.any[0].kind != word || c.any[0].title {
			return nil
		}
		words := r.read(code, c.any[0].text)
		if len(words) != 1 {
			return nil
		}
		w := plainWord{text: c.any[0].text}
		if !words[0].Stop {
			w.hash = hashOf(r.seed, words[0].Stem)
			w.part = r.f.idf(w.hash, r.articles)
			total += w.part
		}
		dst = append(dst, w)
	}
	if total == 0 {
		return nil
	}
	for i := range dst[start:] {
		dst[start+i].part /= total
	}
	return dst
}

// estimate returns what plainList would if no weight had changed since the
// words were filed.
func (r *reader) estimate(words []plainWord) float64 {
	sum := 0.0
	for i := range words {
		switch places := r.places.note(words[i].hash); {
		case places&inTitle != 0:
			sum += words[i].part
		case places != 0:
			sum += words[i].part * textValue
		}
	}
	return sum
}

// plainList is list for a query whose clauses are single plain words. It notes
// in terms what counted.
func (r *reader) plainList(words []plainWord) float64 {
	var sum, total float64
	r.terms = r.terms[:0]
	for i := range words {
		w := &words[i]
		if w.hash == 0 {
			continue
		}
		weight := r.f.idf(w.hash, r.articles)
		total += weight
		f := finding{weight: weight}
		switch places := r.places.note(w.hash); {
		case places&inTitle != 0:
			f.value, f.title = weight/weight, true
		case places != 0:
			f.value = weight * textValue / weight
		default:
			continue
		}
		sum += f.weight * f.value
		r.terms = append(r.terms, Term{Text: w.text, Weight: f.weight * f.value, Where: f.where()})
	}
	for i := range r.terms {
		r.terms[i].Weight /= total
	}
	return sum / total
}
