public import Entries

/// A believable history, entry by entry, from a seed: users with connections whose fetches find meetings, addresses that
/// are matched, activities that are logged, and now and then a change, a failure or a retraction. The same seed gives
/// the same history.
///
/// Entries come in runs, as a fetch meets them, and are as large as real ones (some 350 bytes of JSON).
public struct Invention: Sendable {
    private var chance: Chance
    private var queue: ArraySlice<Draft> = []
    private var written: Int64
    private var users: [User] = []
    private var clock: Int64
    private let step: Int64

    struct User: Sendable {
        let id: String
        let connection: String
        let calendar: String
        var people: [(person: String, address: String)]
        var meetings: [String]
        var activities: [String]
    }

    /// `after` is the last position of the ledger, so that causes point at entries that are there. The first fetch is a step
    /// after `start`, and each a step after the one before.
    public init(
        seed: UInt64, users: Int = 5, after position: Int64 = 0, from start: Int64 = 1_767_600_000_000,
        step: Int64 = 900_000
    ) {
        chance = Chance(seed: seed)
        (clock, self.step) = (start, step)
        written = position
        for _ in 0..<users { queue += beginning() }
    }

    public mutating func next() -> Draft {
        if queue.isEmpty { queue = fetch()[...] }
        written += 1
        return queue.removeFirst()
    }

    public mutating func next(_ count: Int) -> [Draft] { (0..<count).map { _ in next() } }

    // MARK: Users

    private mutating func beginning() -> [Draft] {
        let user = User(
            id: chance.identifier(), connection: chance.identifier(), calendar: chance.identifier(), people: [],
            meetings: [], activities: [])
        users.append(user)
        var added = UserAdded()
        added.user = user.id
        added.zone = "Europe/Lisbon"
        added.name = Names.person(&chance)
        var connected = ConnectionAdded()
        connected.connection = user.connection
        connected.provider = .caldav
        connected.name = "Work"
        connected.link = "https://dav.\(Names.domain(&chance))/calendars/work/"
        var found = CalendarFound()
        found.calendar = user.calendar
        found.connection = user.connection
        found.providerID = chance.identifier()
        found.name = "Appointments"
        var chosen = CalendarChosen()
        chosen.calendar = user.calendar
        chosen.connection = user.connection
        return [
            draft(added, "user/\(user.id)", user), draft(connected, "connection/\(user.connection)", user),
            draft(found, "calendar/\(user.calendar)", user), draft(chosen, "calendar/\(user.calendar)", user),
        ]
    }

    // MARK: A fetch and what follows from it

    private mutating func fetch() -> [Draft] {
        clock += step
        let index = chance.below(users.count)
        if chance.happens(4) { return [failure(users[index])] }
        var drafts: [Draft] = []
        var run = FetchFinished()
        let count = chance.happens(10) ? 20 + chance.below(60) : chance.below(6)
        for _ in 0..<count {
            if !users[index].meetings.isEmpty, chance.happens(12) {
                drafts.append(change(users[index]))
                run.updated += 1
            } else {
                drafts += meeting(index)
                run.created += 1
            }
        }
        run.reading = reading(users[index])
        run.pages = 1
        run.isComplete = true
        run.coveredFrom = clock - 90 * 86_400_000
        run.coveredTo = clock + 30 * 86_400_000
        run.cursor = "sync-\(chance.below(1_000_000))"
        run.unchanged = Int64(chance.below(400))
        run.attempts = chance.happens(5) ? 2 : 1
        run.started = clock
        run.durationMilliseconds = Int64(40 + chance.below(2_000))
        drafts.append(draft(run, "connection/\(users[index].connection)", users[index]))
        return drafts
    }

    private mutating func reading(_ user: User) -> FetchRun {
        var reading = FetchRun()
        reading.connection = user.connection
        reading.calendar = user.calendar
        reading.run = chance.identifier()
        reading.trigger = chance.happens(5) ? .manual : .scheduled
        return reading
    }

    private mutating func failure(_ user: User) -> Draft {
        var failed = FetchFailed()
        failed.reading = reading(user)
        failed.errorClass = chance.pick([.transient, .rate, .auth])
        failed.errorCode = chance.pick(["503", "429", "401"])
        failed.attempts = 3
        failed.started = clock
        failed.durationMilliseconds = Int64(5_000 + chance.below(20_000))
        failed.message = "The server did not answer in time."
        return draft(failed, "connection/\(user.connection)", user)
    }

    private mutating func meeting(_ index: Int) -> [Draft] {
        var drafts: [Draft] = []
        var invited: [(person: String, address: String)] = []
        for _ in 0..<(1 + chance.below(3)) {
            if users[index].people.isEmpty || chance.happens(12) { drafts += newcomer(index) }
            invited.append(chance.pick(users[index].people))
        }
        let user = users[index]
        let id = chance.identifier()
        users[index].meetings.append(id)
        if users[index].meetings.count > 200 { users[index].meetings.removeFirst() }
        let starts = clock - Int64(chance.below(80 * 24)) * 3_600_000
        drafts.append(draft(seen(id, user, starts, invited), "meeting/\(id)", user))
        if chance.happens(60) { drafts.append(activity(id, index, starts, invited)) }
        return drafts
    }

    private mutating func newcomer(_ index: Int) -> [Draft] {
        let user = users[index]
        let (person, address) = (chance.identifier(), chance.identifier())
        let name = Names.person(&chance)
        users[index].people.append((person, address))
        if users[index].people.count > 300 { users[index].people.removeFirst() }
        var added = PersonAdded()
        added.person = person
        added.details.addresses = [address]
        added.details.name = name
        added.details.organization = Names.firm(&chance)
        var seen = AddressSeen()
        seen.address = address
        seen.email = name.lowercased().split(separator: " ").joined(separator: ".") + "@" + Names.domain(&chance)
        seen.name = name
        var matched = AddressMatched()
        matched.address = address
        matched.person = person
        matched.rule = .emailExact
        matched.confidence = 100
        return [
            draft(added, "person/\(person)", user), draft(seen, "address/\(address)", user),
            draft(matched, "address/\(address)", user, actor: "match/1", isCaused: true),
        ]
    }

    private mutating func seen(
        _ id: String, _ user: User, _ starts: Int64, _ invited: [(person: String, address: String)]
    ) -> MeetingSeen {
        var seen = MeetingSeen()
        seen.meeting = id
        seen.connection = user.connection
        seen.calendar = user.calendar
        seen.providerID = chance.identifier()
        seen.icalUID = chance.identifier()
        seen.details.status = .confirmed
        seen.details.response = .accepted
        seen.details.starts = starts
        seen.details.ends = starts + 1_800_000
        seen.details.zone = "Europe/Lisbon"
        seen.details.attendees = invited.map { person in
            var attendee = Attendee()
            attendee.address = person.address
            attendee.response = .accepted
            return attendee
        }
        seen.details.contentHash = chance.identifier()
        seen.details.title = Names.title(&chance)
        if chance.happens(40) { seen.details.description = Names.sentence(&chance) }
        if chance.happens(50) { seen.details.location = "Room \(chance.below(40)), \(Names.firm(&chance))" }
        return seen
    }

    private mutating func activity(
        _ meeting: String, _ index: Int, _ starts: Int64, _ invited: [(person: String, address: String)]
    ) -> Draft {
        let id = chance.identifier()
        users[index].activities.append(id)
        if users[index].activities.count > 100 { users[index].activities.removeFirst() }
        var logged = ActivityLogged()
        logged.activity = id
        logged.meeting = meeting
        logged.person = invited[0].person
        logged.rule = .emailExact
        logged.confidence = 100
        logged.details.kind = .meeting
        logged.details.occurred = starts
        logged.details.durationMinutes = 30
        logged.details.participants = invited.dropFirst().map(\.person)
        logged.details.title = Names.title(&chance)
        return draft(logged, "activity/\(id)", users[index], actor: "log/1", isCaused: true)
    }

    private mutating func change(_ user: User) -> Draft {
        let id = chance.pick(user.meetings)
        if chance.happens(15) {
            var withdrawn = MeetingWithdrawn()
            withdrawn.meeting = id
            withdrawn.connection = user.connection
            withdrawn.calendar = user.calendar
            return draft(withdrawn, "meeting/\(id)", user)
        }
        var changed = MeetingChanged()
        changed.meeting = id
        changed.connection = user.connection
        changed.calendar = user.calendar
        changed.details.starts = clock
        changed.details.ends = clock + 3_600_000
        if chance.happens(30) { changed.details.title = Names.title(&chance) }
        if chance.happens(20) { changed.cleared = ["location"] }
        return draft(changed, "meeting/\(id)", user)
    }

    private mutating func draft<SomeFact: Fact>(
        _ fact: SomeFact, _ stream: String, _ user: User, actor: String = "schedule", isCaused: Bool = false
    ) -> Draft {
        // The entry before it, which is there whoever reads this draft.
        Draft(fact, stream: stream, owner: user.id, actor: actor, cause: isCaused && written > 0 ? written : nil)
    }
}
