package schedule

import (
	"slices"
	"strings"
)

// Near are the indexes of at most n known words that somebody may have meant
// who typed a word, the likest first: a third of its letters may differ, but
// hardly more than in the likest.
func Near(word string, known []string, n int) []int {
	word = strings.ToLower(word)
	most := max(1, len(word)/3)
	distances := make([]int, len(known))
	var found []int
	for i, k := range known {
		if distances[i] = distance(word, strings.ToLower(k)); distances[i] <= most && k != "" {
			found = append(found, i)
		}
	}
	slices.SortStableFunc(found, func(a, b int) int { return distances[a] - distances[b] })
	for i := range found {
		if i == n || distances[found[i]] > distances[found[0]]+1 {
			return found[:i]
		}
	}
	return found
}

// distance is the least number of bytes to insert, delete, replace, or swap
// with their neighbour, to make a into b (optimal string alignment).
func distance(a, b string) int {
	older, old, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		older, old, row = old, row, older
		row[0] = i
		for j := 1; j <= len(b); j++ {
			differs := 1
			if a[i-1] == b[j-1] {
				differs = 0
			}
			row[j] = min(old[j]+1, row[j-1]+1, old[j-1]+differs)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
