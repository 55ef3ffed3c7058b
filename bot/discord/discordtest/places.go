package discordtest

import "strconv"

// roles are a person's roles.
func (p *person) roles() []string {
	if p.admin {
		return []string{adminRole}
	}
	return []string{}
}

// permissions are what a person may do in a channel. s.mu is held.
func (s *Server) permissions(p *person, c *channel) int64 {
	switch {
	case p.admin:
		return everyone | ManageGuild
	case c.hidden:
		return 0
	}
	return everyone
}

// channelObject is a channel as Discord shows it. s.mu is held.
func (s *Server) channelObject(c *channel) map[string]any {
	o := map[string]any{"id": c.id, "type": c.kind}
	if c.kind == directChannel {
		o["recipients"] = []any{map[string]any{"id": s.people[0].id}}
		return o
	}
	o["guild_id"], o["name"] = guildID, c.name
	if c.kind == publicThread {
		o["parent_id"] = c.parent
		o["thread_metadata"] = map[string]any{"archived": false, "locked": c.locked, "auto_archive_duration": 1440}
		return o
	}
	overwrites := []any{}
	overwrite := func(id string, kind int, allow, deny int64) {
		overwrites = append(overwrites, map[string]any{"id": id, "type": kind,
			"allow": strconv.FormatInt(allow, 10), "deny": strconv.FormatInt(deny, 10)})
	}
	if c.hidden {
		overwrite(guildID, 0, 0, ViewChannel)
		overwrite(adminRole, 0, ViewChannel, 0)
	}
	if c.denied != 0 || c.hidden {
		overwrite(botID, 1, ViewChannel&^c.denied, c.denied)
	}
	o["permission_overwrites"] = overwrites
	return o
}

func (s *Server) getChannel(id string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, refused := s.find(id)
	if refused.status != 0 {
		return refused
	}
	return answer{200, nil, s.channelObject(c)}
}

func (s *Server) getGuild(id string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id != guildID || s.removed {
		return refuse(404, 10004, "Unknown Guild")
	}
	return answer{200, nil, map[string]any{"id": guildID, "name": "The desk", "owner_id": "1100000000000000099", "roles": []any{
		map[string]any{"id": guildID, "name": "@everyone", "permissions": strconv.FormatInt(everyone, 10)},
		map[string]any{"id": adminRole, "name": "editors", "permissions": strconv.FormatInt(ManageGuild, 10)},
	}}}
}

func (s *Server) getMember(guild, id string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if guild != guildID || s.removed {
		return refuse(404, 10004, "Unknown Guild")
	}
	if id == botID {
		return answer{200, nil, map[string]any{"user": map[string]any{"id": botID}, "roles": []string{}}}
	}
	for _, p := range s.people {
		if p.id == id {
			return answer{200, nil, map[string]any{"user": map[string]any{"id": id}, "roles": p.roles()}}
		}
	}
	return refuse(404, 10007, "Unknown Member")
}

// Admin is the id of the person who administers the server.
func (s *Server) Admin() string { return s.people[0].id }

// Guest is the id of the person who administers nothing.
func (s *Server) Guest() string { return s.people[1].id }

// DeleteChannel deletes a channel or thread, and tells the bot.
func (s *Server) DeleteChannel(id string) {
	s.mu.Lock()
	c := s.channels[id]
	c.deleted = true
	event, o := "CHANNEL_DELETE", s.channelObject(c)
	s.mu.Unlock()
	if c.kind == publicThread {
		event = "THREAD_DELETE"
	}
	s.gateway.send(event, o)
}

// Remove removes the bot from the server. Told is whether it hears of that.
func (s *Server) Remove(told bool) {
	s.mu.Lock()
	s.removed = true
	s.mu.Unlock()
	if told {
		s.gateway.send("GUILD_DELETE", map[string]any{"id": guildID})
	}
}

// Outage makes the server unavailable for a moment, as Discord's outages do.
func (s *Server) Outage() {
	s.gateway.send("GUILD_DELETE", map[string]any{"id": guildID, "unavailable": true})
}
