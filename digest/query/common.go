package query

func commonShare(h uint64) float64 { return 0 }
