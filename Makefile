# The usual work. CONTRIBUTING.md says more.

.PHONY: build check test bench evaluate weights demo

build:
	CGO_ENABLED=0 go build -trimpath -o tidings ./cmd/tidings

# All that CI asks for.
check:
	.ci/run

test:
	go test ./...

# The figures of speed and memory, each printed by a benchmark.
bench:
	go test -run '^$$' -bench . -benchtime 1x ./...

# The figures of quality, on labelled data: make evaluate DATA=../shared/data
DATA ?= ../shared/data
evaluate:
	for f in $(DATA)/stories/*.jsonl; do echo $$f; go run ./cmd/evaluate stories $$f | tail -n 1; done
	go run ./cmd/evaluate topics $(DATA)/topics/topics-dev.jsonl
	go run ./cmd/evaluate topics -votes 2 $(DATA)/topics/topics-dev.jsonl | sed -n '1,3p;$$p'
	go run ./cmd/evaluate summaries -words 230 $(DATA)/summaries/multinews-dev.jsonl
	go run ./cmd/evaluate summaries -words 60 $(DATA)/summaries/multinews-dev.jsonl
	go run ./cmd/evaluate languages $(DATA)/languages/og2021-dev.tsv | tail -n 1

# The weights by which stories are grouped, fitted anew; about ten minutes.
weights:
	go run ./cmd/evaluate train -generations 50 -out digest/cluster/weights.go $(DATA)/stories/*.jsonl $(DATA)/topics/googlenews-ts-a.jsonl

demo:
	go run ./cmd/tidings demo
