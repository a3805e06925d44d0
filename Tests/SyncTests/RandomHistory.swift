import Entries
import Foundation
import Providers
import Rehearsal
import SQLite

@testable import Sync

/// What happens in one life of a home, drawn from a seed: people and calendars change, users decide things, time passes,
/// and the program is killed between any two transactions.
struct RandomHistory {
    let seed: UInt64
    private var chance: Chance
    private let practice: Practice
    private(set) var world = World()
    /// What was done, for whoever has to look into a failure.
    private(set) var log: [String] = []

    init(seed: UInt64) throws {
        self.seed = seed
        chance = Chance(seed: seed)
        practice = try Practice(seed: seed)
        try begin()
    }

    /// What was found to be wrong; nil if nothing was.
    private(set) var fault: String?

    mutating func run(steps: Int) throws {
        for number in 1...steps where fault == nil {
            world.step = number
            try step()
            try sync()
            fault = try self.anyFault()
        }
        guard fault == nil else { return }
        try practice.settle()
        fault = try anyFault() ?? difference()
    }

    // MARK: Beginning

    private static let guests = ["ann", "ben", "cid", "dot", "eve", "self"]

    private mutating func begin() throws {
        for uid in ["ann", "ben", "cid"] { world.contacts[uid] = ["\(uid)@example.org"] }
        for number in 0..<8 { world.events["event\(number)"] = event() }
        for number in 0..<3 { world.series["series\(number)"] = series() }
        // The oldest event of all stays, so that every calendar reaches back as far.
        world.calendars = ["work": [], "home": []]
        for name in world.calendars.keys.sorted() { draw(name) }
        try writePeople()
        try writeCalendars()
        for name in world.calendars.keys.sorted() { try practice.connect(name) }
        world.connected = Set(world.calendars.keys)
    }

    private mutating func event() -> World.Event {
        World.Event(
            start: Time.at(Int64(chance.below(40)) - 36, Int64(chance.below(24))),
            guests: Self.guests.filter { _ in chance.happens(35) })
    }

    private mutating func series() -> World.Series {
        World.Series(
            start: Time.at(-7 * Int64(chance.below(5)) - 1, Int64(6 + chance.below(12))),
            guests: Self.guests.filter { _ in chance.happens(40) })
    }

    /// Which events a calendar shows.
    private mutating func draw(_ name: String) {
        let all = (Array(world.events.keys) + world.series.keys).sorted()
        world.calendars[name] = Set(all.filter { _ in chance.happens(70) })
    }

    // MARK: Steps

    private mutating func step() throws {
        switch chance.below(24) {
        case 0...3: try change { try $0.editEvent() }
        case 4, 5: try change { try $0.editSeries() }
        case 6, 7: try change { try $0.showOrHide() }
        case 8:
            try change {
                let name = "event\($0.world.events.count)"
                $0.world.events[name] = $0.event()
                $0.world.calendars[$0.chance.pick(["work", "home"]), default: []].insert(name)
                return "new \(name)"
            }
        case 9...11: try changePeople()
        case 12: try merge()
        case 13: try claim()
        case 14: if chance.happens(50) { try reconnect() }
        case 15: if chance.happens(50) { try dropOrChoose() }
        case 16: try setting()
        case 17: try retract()
        case 18: try edit()
        case 19...21:
            let days = Int64(chance.below(4))
            practice.wait(days: days, hours: 5)
            log.append("wait \(days) days")
        case 22:
            try practice.rebuild()
            log.append("rebuild")
        default: log.append("nothing")
        }
    }

    private mutating func change(_ body: (inout RandomHistory) throws -> String) throws {
        log.append(try body(&self))
        try writeCalendars()
    }

    private mutating func editEvent() throws -> String {
        let name = chance.pick(world.events.keys.sorted())
        guard var event = world.events[name] else { return "nothing" }
        let what = chance.below(5)
        switch what {
        case 0: event.start = self.event().start
        case 1: event.guests = Self.guests.filter { _ in chance.happens(35) }
        case 2: event.isCancelled.toggle()
        case 3: event.isPrivate.toggle()
        default:
            if let guest = event.guests.first, !event.declined.insert(guest).inserted { event.declined.remove(guest) }
        }
        event.sequence += 1
        world.events[name] = event
        return "edit \(name): \(what), \(Time.text(event.start)) \(event.guests)"
    }

    private mutating func editSeries() throws -> String {
        let name = chance.pick(world.series.keys.sorted())
        guard var series = world.series[name] else { return "nothing" }
        let week = Int64(chance.below(8))
        let what = chance.below(4)
        switch what {
        case 0:
            let isNew = series.excluded.insert(week).inserted
            if !isNew { series.excluded.remove(week) }
            let isSeen = try world.calendars.contains { try $0.value.contains(name) && isRead($0.key) }
            world.gone["\(name) \(week)"] = isNew && isSeen ? world.step : nil
        case 1: series.moved[week] = series.moved[week] == nil ? Int64(chance.below(72)) + 1 : nil
        case 2: if !series.cancelled.insert(week).inserted { series.cancelled.remove(week) }
        default: series.guests = Self.guests.filter { _ in chance.happens(40) }
        }
        series.sequence += 1
        world.series[name] = series
        return "edit \(name): \(what) week \(week) \(series.guests)"
    }

    private mutating func showOrHide() throws -> String {
        let calendar = chance.pick(["work", "home"])
        let name = chance.pick((Array(world.events.keys) + world.series.keys).sorted())
        if world.calendars[calendar, default: []].remove(name) != nil {
            if try isRead(calendar) { world.gone[name] = world.step }
            return "hide \(name) in \(calendar)"
        }
        world.calendars[calendar, default: []].insert(name)
        world.gone[name] = nil
        return "show \(name) in \(calendar)"
    }

    private mutating func changePeople() throws {
        let uid = chance.pick(["ann", "ben", "cid", "dot", "eve"])
        guard world.merged[uid] == nil else { return }
        let addresses = ["\(uid)@example.org", "\(uid)@other.example"]
        switch (world.contacts[uid], chance.below(3)) {
        case (nil, _): world.contacts[uid] = addresses
        case (_, 0) where !world.merged.values.contains(uid): world.contacts[uid] = nil
        case (_, 1): world.contacts[uid] = [addresses[1]]
        default: world.contacts[uid] = addresses
        }
        try writePeople()
        log.append("\(uid) has \(world.contacts[uid] ?? ["gone"])")
    }

    /// Only who stands in the book, and is known by now, can be merged.
    private mutating func merge() throws {
        let known = try Set(practice.rows("SELECT person FROM person WHERE merged_into IS NULL").compactMap(\.first))
        let names = world.contacts.keys.filter { known.contains(practice.person($0)) && world.merged[$0] == nil }
            .sorted()
        guard names.count > 2, world.merged.count < 2 else { return }
        let person = chance.pick(names)
        let survivor = chance.pick(names.filter { $0 != person })
        let moved = try practice.rows(
            """
            SELECT address.email FROM person_address JOIN address ON address.address = person_address.address
            WHERE person_address.person = '\(practice.person(person))'
            """)
        try practice.merge(person, into: survivor)
        world.merged[person] = survivor
        world.inherited[survivor, default: []] += moved.compactMap(\.first)
        log.append("merge \(person) into \(survivor)")
    }

    private mutating func claim() throws {
        guard !world.isSelfClaimed else { return }
        try practice.claim("self@example.org")
        world.isSelfClaimed = true
        log.append("claim self")
    }

    private mutating func reconnect() throws {
        let name = chance.pick(["work", "home"])
        if world.connected.contains(name) {
            try practice.disconnect(name)
            world.connected.remove(name)
            world.lastLoss = world.step
            log.append("disconnect \(name)")
        } else {
            try practice.connect(name)
            world.connected.insert(name)
            log.append("connect \(name)")
        }
    }

    private mutating func dropOrChoose() throws {
        let name = chance.pick(["work", "home"])
        guard world.connected.contains(name) else { return }
        let isChosen = try isRead(name)
        if isChosen { world.lastLoss = world.step }
        if isChosen { try practice.drop(name) } else { try practice.choose(name) }
        log.append("\(isChosen ? "drop" : "choose") \(name)")
    }

    private func isRead(_ name: String) throws -> Bool {
        try practice.rows("SELECT 1 FROM calendar WHERE name = '\(name)' AND is_chosen = 1") == [["1"]]
    }

    private mutating func setting() throws {
        // It makes everything be decided again, and would hide what was left out before.
        guard chance.happens(30) else { return }
        world.logsDeclined.toggle()
        try practice.set(.declinedAttendees, world.logsDeclined ? "true" : "false")
        log.append("log declined: \(world.logsDeclined)")
    }

    private mutating func retract() throws {
        let standing = try practice.rows("SELECT activity FROM activity WHERE retracted IS NULL ORDER BY activity")
        guard !standing.isEmpty else { return }
        let activity = chance.pick(standing)[0]
        try practice.retract(activity)
        world.retracted.insert(activity)
        log.append("retract \(activity)")
    }

    private mutating func edit() throws {
        let standing = try practice.rows("SELECT activity FROM activity WHERE retracted IS NULL ORDER BY activity")
        guard !standing.isEmpty else { return }
        let activity = chance.pick(standing)[0]
        try practice.edit(activity, title: "by hand")
        world.edited.insert(activity)
        log.append("edit \(activity)")
    }

    // MARK: Files

    private mutating func writePeople() throws {
        try practice.people(
            world.contacts.sorted { $0.key < $1.key }.map { uid, addresses in
                var contact = Contact(uid)
                contact.addresses = addresses
                return contact
            })
    }

    private func writeCalendars() throws {
        for (name, shown) in world.calendars {
            try practice.write(Event.calendar(world.file(shown)), to: name + ".ics")
        }
    }

    // MARK: Syncing

    /// In two of five the program dies on the way and begins again.
    private mutating func sync() throws {
        if chance.happens(40) {
            practice.transactionsLeft = chance.below(chance.happens(50) ? 6 : 24)
            do {
                try practice.sync()
            } catch is Practice.Killed {
                log.append("killed")
            }
            try practice.reopen()
        }
        if chance.happens(70) { try practice.sync() }
    }

    // MARK: What must hold

    /// What may never be, whenever one looks.
    private func anyFault() throws -> String? {
        let merged = Set(world.merged.values.map { practice.person($0) })
        let twice = try practice.rows(
            """
            SELECT meeting, person FROM activity WHERE retracted IS NULL GROUP BY meeting, person HAVING COUNT(*) > 1
            """)
        // Between a merge and the next run both of the two who became one may stand.
        if let row = twice.first(where: { !merged.contains($0[1]) }) { return "two activities: \(row)" }
        let logged = try practice.entries(ActivityLogged.type).map(\.stream)
        if Set(logged).count < logged.count { return "an activity was logged twice" }
        for activity in world.retracted {
            let row = try practice.rows("SELECT retraction_reason FROM activity WHERE activity = '\(activity)'")
            if row != [["by_hand"]] { return "\(activity) was retracted by hand, and is \(row)" }
        }
        for activity in world.edited {
            let row = try practice.rows("SELECT title FROM activity WHERE activity = '\(activity)'")
            if row != [["by hand"]] { return "\(activity) was edited by hand, and is \(row)" }
        }
        return nil
    }

    /// How what stands differs from what the naive model says, when nothing is due any more.
    private func difference() throws -> String? {
        let tables = try practice.differences()
        if !tables.isEmpty { return "a rebuild differs in \(tables)" }
        let position = try practice.lastPosition()
        try practice.sync()
        let more = Set(try practice.entries(after: position).map(\.type)).subtracting([FetchFinished.type])
        if !more.isEmpty { return "a second sync wrote \(more.sorted())" }
        let standing = try practice.rows(
            "SELECT meeting, person, activity FROM activity WHERE retracted IS NULL ORDER BY meeting, person")
        let pairs = standing.map { $0[0] + " " + $0[1] }
        if Set(pairs).count < pairs.count { return "two activities for one meeting and person" }
        let (wanted, settled) = try expected()
        let found = Set(zip(standing, pairs).filter { settled.contains($0.0[0]) }.map(\.1))
        let missing = wanted.keys.filter { !found.contains($0) }.sorted().compactMap { wanted[$0] }
        let surplus = found.filter { wanted[$0] == nil }.sorted()
        if missing.isEmpty && surplus.isEmpty { return nil }
        return "missing \(missing), too many \(surplus.map { world.name(of: $0, practice) })"
    }

    /// The pairs of meeting and person that must stand, and the meetings of which that can be said: those that a calendar
    /// shows which is read.
    private func expected() throws -> (wanted: [String: String], settled: Set<String>) {
        let chosen = try Set(practice.rows("SELECT name FROM calendar WHERE is_chosen = 1").compactMap(\.first))
        let read = world.calendars.filter { chosen.contains($0.key) && world.connected.contains($0.key) }
        let shown = read.values.reduce(into: Set<String>()) { $0.formUnion($1) }
        var wanted: [String: String] = [:]
        var settled: Set<String> = []
        for place in world.places(shown, now: practice.now) {
            let meeting = practice.meeting(place.uid, original: place.original)
            settled.insert(meeting)
            guard place.isLoggable else { continue }
            for guest in place.guests {
                guard let uid = world.person(of: guest + "@example.org", place.declined.contains(guest)) else {
                    continue
                }
                let person = practice.person(uid)
                let isFinal = try practice.rows(
                    """
                    SELECT 1 FROM activity WHERE meeting = '\(meeting)' AND person = '\(person)'
                    GROUP BY person HAVING MAX(retraction_reason = 'by_hand') = 1 AND MAX(retracted IS NULL) = 0
                    """)
                if isFinal.isEmpty { wanted[meeting + " " + person] = "\(place.uid) \(place.original as Any) \(uid)" }
            }
        }
        if read.count == world.calendars.count {
            settled.formUnion(world.gonePlaces(shown).map { practice.meeting($0.uid, original: $0.original) })
        }
        return (wanted, settled)
    }
}
