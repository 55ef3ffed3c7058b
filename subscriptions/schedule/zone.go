package schedule

import (
	_ "embed"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a static program brings its zones along
)

//go:embed zones.txt
var zoneNames string

// Zone is the zone with an IANA name ("Europe/Kyiv", "UTC"), in any case, or
// of the city that such a name ends with ("Kyiv", "new york"). The error is a
// sentence for the person who typed it.
func Zone(name string) (*time.Location, error) {
	if !strings.ContainsAny(name, " \n") && strings.Contains(zoneNames, "\n"+name+"\n") {
		return load(name)
	}
	want := strings.ToLower(strings.Join(strings.Fields(name), "_"))
	if want == "" || len(want) > maxText {
		return nil, mistake(`A time zone has a name like "Europe/Kyiv", "America/New_York" or "UTC"`)
	}
	names := strings.Fields(zoneNames[strings.Index(zoneNames, "\n"):])
	cities := make([]string, len(names))
	found := ""
	for i, full := range names {
		lower := strings.ToLower(full)
		if lower == want {
			return load(full)
		}
		if cities[i] = city(lower); cities[i] == want && (found == "" || len(full) < len(found)) {
			found = full
		}
	}
	if found != "" {
		return load(found)
	}
	return nil, unknownZone(name, want, names, cities)
}

// city is the city in a zone's name in lower case, or empty: the database has
// old names that are those of countries and offsets.
func city(lower string) string {
	region, _, _ := strings.Cut(lower, "/")
	switch region {
	case "africa", "america", "antarctica", "arctic", "asia", "atlantic", "australia", "europe", "indian", "pacific":
		return lower[strings.LastIndex(lower, "/")+1:]
	}
	return ""
}

func load(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, mistakef("The time zone %s cannot be loaded: %s", name, err)
	}
	return zone, nil
}

func unknownZone(name, want string, names, cities []string) error {
	if strings.HasPrefix(want, "utc") || strings.HasPrefix(want, "gmt") || strings.ContainsAny(want[:1], "+-") {
		return mistakef("%q knows no summer time. Name a city instead, like \"Europe/Kyiv\" or \"America/New_York\"", name)
	}
	known := cities
	if strings.Contains(want, "/") {
		known = names
	}
	var offers []string
	for _, i := range Near(want, known, 3) {
		offers = append(offers, strconv.Quote(names[i]))
	}
	if len(offers) == 0 {
		return mistakef("There is no time zone %q. Names look like \"Europe/Kyiv\", \"America/New_York\" or \"UTC\"", name)
	}
	return mistakef("There is no time zone %q. Did you mean %s?", name, strings.Join(offers, " or "))
}
