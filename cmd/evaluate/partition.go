package main

import "math"

// partition compares two groupings of the same items: what was found and what
// is true. Items are numbered; found[i] and gold[i] name the group of item i.
type partition struct {
	// B3P and B3R are BCubed precision and recall (Bagga and Baldwin 1998),
	// B3F1 their harmonic mean.
	B3P, B3R, B3F1 float64
	// PairF1 is the F1 of the pairs that are together.
	PairF1 float64
	// NMI is I / sqrt(H H), ARI the adjusted Rand index (Hubert and Arabie 1985).
	NMI, ARI float64
	// Found and Gold are the numbers of groups, Items that of the items.
	Found, Gold, Items int
}

// comparePartitions scores a grouping.
func comparePartitions(found, gold []string) partition {
	cells := make(map[[2]string]float64)
	rows, columns := make(map[string]float64), make(map[string]float64)
	for i := range found {
		cells[[2]string{found[i], gold[i]}]++
		rows[found[i]]++
		columns[gold[i]]++
	}
	n := float64(len(found))
	p := partition{Found: len(rows), Gold: len(columns), Items: len(found)}
	p.B3P, p.B3R = bcubed(found, gold, nil)
	var both, information float64
	// The sums run over the items and not over the maps, so that the last
	// digits do not depend on the order of a map.
	for i := range found {
		cell, row, column := cells[[2]string{found[i], gold[i]}], rows[found[i]], columns[gold[i]]
		both += (cell - 1) / 2
		information += math.Log(n*cell/(row*column)) / n
	}
	rowPairs, rowEntropy := groupSums(found, rows)
	columnPairs, columnEntropy := groupSums(gold, columns)
	p.B3F1 = harmonic(p.B3P, p.B3R)
	p.PairF1 = 1
	if rowPairs+columnPairs > 0 {
		p.PairF1 = 2 * both / (rowPairs + columnPairs)
	}
	p.NMI = 1
	if rowEntropy > 0 && columnEntropy > 0 {
		p.NMI = information / math.Sqrt(rowEntropy*columnEntropy)
	} else if rowEntropy != columnEntropy {
		p.NMI = 0
	}
	expected := 0.0
	if pairs := n * (n - 1) / 2; pairs > 0 {
		expected = rowPairs * columnPairs / pairs
	}
	p.ARI = 1
	if ceiling := (rowPairs + columnPairs) / 2; ceiling != expected {
		p.ARI = (both - expected) / (ceiling - expected)
	}
	return p
}

// bcubed returns the mean BCubed precision and recall of the items that count,
// of all when counts is nil.
func bcubed(found, gold []string, counts []bool) (precision, recall float64) {
	cells := make(map[[2]string]float64)
	rows, columns := make(map[string]float64), make(map[string]float64)
	for i := range found {
		cells[[2]string{found[i], gold[i]}]++
		rows[found[i]]++
		columns[gold[i]]++
	}
	var n float64
	for i := range found {
		if counts == nil || counts[i] {
			cell := cells[[2]string{found[i], gold[i]}]
			precision += cell / rows[found[i]]
			recall += cell / columns[gold[i]]
			n++
		}
	}
	if n == 0 {
		return 0, 0
	}
	return precision / n, recall / n
}

// groupSums returns the pairs inside the groups and the entropy of the groups.
func groupSums(items []string, sizes map[string]float64) (pairs, entropy float64) {
	n := float64(len(items))
	for _, item := range items {
		size := sizes[item]
		pairs += (size - 1) / 2
		entropy -= math.Log(size/n) / n
	}
	return pairs, entropy
}

func harmonic(a, b float64) float64 {
	if a+b == 0 {
		return 0
	}
	return 2 * a * b / (a + b)
}
