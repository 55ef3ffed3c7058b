package query_test

import (
	"testing"

	"tidings/digest/query"
)

// week is some days of news with a war that is negotiated in several places.
func week(d *desk) *news {
	n := &news{}
	for _, a := range [...][2]string{
		{"geneva", "US, Ukraine push forward on revised peace deal"},
		{"geneva", "Ukraine and US report progress in Geneva peace talks"},
		{"geneva", "Zelenskyy's team negotiates in Geneva"},
		{"geneva", "Geneva talks on peace in Ukraine end with a new draft"},
		{"istanbul", "Ukraine brings a list of power stations to talks in Istanbul"},
		{"istanbul", "Istanbul talks: Ukraine offers a pause in strikes"},
		{"istanbul", "A pause in strikes on power stations is near, envoys say"},
		{"europe", "Europeans write a peace plan of their own for Ukraine"},
		{"europe", "Britain and France change the peace plan for Ukraine"},
		{"climate", "Small islands walk out of climate talks"},
		{"climate", "Climate talks resume without the small islands"},
		{"wages", "Rail union breaks off wage talks"},
		{"wages", "Wage talks for railway workers fail again"},
		{"song", "Ukraine comes second in the song contest"},
		{"prize", "Peace prize goes to a fisherman from Chile"},
		{"bank", "Central bank leaves interest rates alone"},
	} {
		n.add(d, a[0], a[1])
	}
	z := newZipf(11, 400)
	for range 150 {
		n.add(d, "", z.text(8))
	}
	return n
}

func TestATopicHasSeveralStories(t *testing.T) {
	d := newDesk()
	n := week(d)
	found, _ := n.decide(t, d, "Ukraine peace talks", query.Options{}, query.Feedback{})
	for i := range n.articles {
		m, ok := found[i]
		switch story := n.stories[i]; story {
		case "geneva", "istanbul", "europe":
			if !ok {
				t.Errorf("article %d of %s is missing", i, story)
			}
		default:
			if ok {
				t.Errorf("article %d of %q belongs to it: %s", i, story, m)
			}
		}
		if ok && m.Score < m.Needed {
			t.Errorf("article %d belongs with less than it needs: %s", i, m)
		}
	}
}

func TestAVoteAgainstIsNotOverruled(t *testing.T) {
	d := newDesk()
	n := week(d)
	votes := query.Feedback{More: n.articles[:1], Less: n.articles[4:5]}
	found, _ := n.decide(t, d, "Ukraine peace talks", query.Options{}, votes)
	if m, ok := found[4]; ok {
		t.Errorf("what was voted down belongs: %s", m)
	}
	if _, ok := found[0]; !ok {
		t.Error("what was liked does not belong")
	}
}

func TestALikeBringsNoFlood(t *testing.T) {
	d := newDesk()
	n := week(d)
	before, _ := n.decide(t, d, "Ukraine peace talks", query.Options{}, query.Feedback{})
	after, _ := n.decide(t, d, "Ukraine peace talks", query.Options{}, query.Feedback{More: n.articles[:1]})
	if len(after) > len(before) {
		t.Errorf("one like made %d articles %d", len(before), len(after))
	}
}
