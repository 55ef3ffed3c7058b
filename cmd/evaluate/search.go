package main

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
)

// evolve looks for the maximum of f near start by separable CMA-ES (Ros and
// Hansen 2008): generations of samples around a mean, whose spread follows the
// samples that did best. It returns the best sample. The same seed finds the
// same maximum. f is called from several goroutines.
func evolve(start, spread []float64, generations, size int, f func([]float64) float64) []float64 {
	n := float64(len(start))
	random := rand.New(rand.NewPCG(1, 2))
	parents := size / 2
	share := make([]float64, parents)
	var total, squares float64
	for i := range share {
		share[i] = math.Log(float64(parents)+0.5) - math.Log(float64(i+1))
		total += share[i]
	}
	for i := range share {
		share[i] /= total
		squares += share[i] * share[i]
	}
	mass := 1 / squares
	pathRate := (mass + 2) / (n + mass + 5)
	damping := 1 + pathRate
	spreadRate := 4 / (n + 4)
	one := (n + 2) / 3 * 2 / ((n+1.3)*(n+1.3) + mass)
	many := min(1-one, (n+2)/3*2*(mass-2+1/mass)/((n+2)*(n+2)+mass))
	expected := math.Sqrt(n) * (1 - 1/(4*n) + 1/(21*n*n))

	mean, sigma := slices.Clone(start), 1.0
	scale, path, spreadPath := make([]float64, len(start)), make([]float64, len(start)), make([]float64, len(start))
	for i := range scale {
		scale[i] = 1
	}
	best, highest := start, f(start)
	for range generations {
		population := sample(random, size, mean, scale, spread, sigma)
		score(population, f)
		for _, p := range population {
			if p.value > highest {
				best, highest = p.point, p.value
			}
		}
		slices.SortStableFunc(population, func(a, b trial) int { return cmp.Compare(b.value, a.value) })
		var length float64
		steps := make([]float64, len(start))
		for i := range steps {
			for k, w := range share {
				steps[i] += w * population[k].step[i]
			}
			mean[i] += sigma * spread[i] * math.Sqrt(scale[i]) * steps[i]
			path[i] = (1-pathRate)*path[i] + math.Sqrt(pathRate*(2-pathRate)*mass)*steps[i]
			length += path[i] * path[i]
		}
		for i := range scale {
			spreadPath[i] = (1-spreadRate)*spreadPath[i] + math.Sqrt(spreadRate*(2-spreadRate)*mass*scale[i])*steps[i]
			var deviation float64
			for k, w := range share {
				deviation += w * population[k].step[i] * population[k].step[i] * scale[i]
			}
			scale[i] = (1-one-many)*scale[i] + one*spreadPath[i]*spreadPath[i] + many*deviation
		}
		sigma *= math.Exp(pathRate / damping * (math.Sqrt(length)/expected - 1))
	}
	return best
}

// trial is one sample: its step in standard deviations, the point and f there.
type trial struct {
	step, point []float64
	value       float64
}

func sample(random *rand.Rand, size int, mean, scale, spread []float64, sigma float64) []trial {
	population := make([]trial, size)
	for k := range population {
		t := trial{step: make([]float64, len(mean)), point: make([]float64, len(mean))}
		for i := range mean {
			t.step[i] = random.NormFloat64()
			t.point[i] = mean[i] + sigma*spread[i]*math.Sqrt(scale[i])*t.step[i]
		}
		population[k] = t
	}
	return population
}

func score(population []trial, f func([]float64) float64) {
	var group sync.WaitGroup
	for i := range population {
		group.Go(func() { population[i].value = f(population[i].point) })
	}
	group.Wait()
}
