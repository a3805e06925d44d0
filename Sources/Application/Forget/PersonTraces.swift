import Entries
import Ledger
import Matching
import Projections
import SQLite
import Sync

/// Where a ledger tells about one person: in what is about that person alone, and by name or address elsewhere.
///
/// What is about the person are the entries of the person, of everybody who was merged into them, of their addresses and
/// of their activities. An address that somebody else has as well is not theirs alone, and is left. All else that holds
/// one of the addresses, or the whole name, is a mention; and of meetings in which the person was, any part of the name.
struct PersonTraces {
    let people: Set<String>
    /// The ids of the addresses that must not come back.
    private(set) var addresses: Set<String> = []
    /// Addresses that somebody else has as well.
    private(set) var shared: [String] = []
    /// Activities that stand, each with its meeting.
    private(set) var standing: [(activity: String, meeting: String?)] = []
    /// What is about the person, in order.
    private(set) var positions: [Int64] = []
    private(set) var mentions: [Mention] = []
    private(set) var countsByType: [String: Int64] = [:]

    struct Mention {
        let position: Int64
        let type: String
        /// What it is called, as a title.
        let shown: String?
        /// It tells of a meeting or an activity, and can be erased with its title.
        let isTitle: Bool
    }

    private let home: OpenHome
    private let owner: String
    private var emails: Set<String> = []
    private var names: Set<String> = []

    init(of person: String, owner: String, _ home: OpenHome) throws {
        self.home = home
        self.owner = owner
        people = try home.views().read { try Self.merged(into: person, $0) }
        let streams = try ownStreams()
        for stream in streams { try gather(stream) }
        try gatherMentions(besides: Set(positions), attended: try attended())
        positions.sort()
    }

    // MARK: What is about the person

    /// The person, and whoever was merged into them, over any number of steps.
    private static func merged(into person: String, _ views: Connection) throws -> Set<String> {
        var all: Set = [person]
        var fresh = [person]
        while let next = fresh.popLast() {
            let found = try views.prepare("SELECT person FROM person WHERE merged_into = ?")
                .map(.text(next)) { $0.text(0) }
            fresh += found.filter { all.insert($0).inserted }
        }
        return all
    }

    private mutating func ownStreams() throws -> [String] {
        var found: Set<String> = []
        for person in people {
            for entry in try home.reader.entries(Query(stream: "person/\(person)")) {
                switch try entry.fact() {
                case let fact as PersonAdded: found.formUnion(fact.details.addresses)
                case let fact as PersonChanged: found.formUnion(fact.details.addresses)
                default: break
                }
            }
        }
        let people = people
        let others = try home.views().read { views -> Set<String> in
            for person in people {
                found.formUnion(
                    try views.prepare("SELECT address FROM address WHERE person = ? AND answer = 'matched'")
                        .map(.text(person)) { $0.text(0) })
            }
            for address in found {
                found.formUnion(
                    try views.prepare(
                        "SELECT address FROM address WHERE mailbox = (SELECT mailbox FROM address WHERE address = ?)"
                    ).map(.text(address)) { $0.text(0) })
            }
            return try found.filter { address in
                try views.prepare("SELECT person FROM person_address WHERE address = ?")
                    .map(.text(address)) { $0.text(0) }.contains { !people.contains($0) }
            }
        }
        addresses = found.subtracting(others)
        shared = try home.views().read { views in
            try others.compactMap { address in
                try views.prepare("SELECT email FROM address WHERE address = ?")
                    .first(.text(address)) { $0.textIfPresent(0) } ?? nil
            }.sorted()
        }
        var activities: [String] = []
        var standing: [(activity: String, meeting: String?)] = []
        try home.views().read { views in
            for person in people.sorted() {
                try views.prepare("SELECT activity, meeting, retracted IS NULL FROM activity WHERE person = ?")
                    .eachRow(.text(person)) { row in
                        activities.append(row.text(0))
                        if row.integer(2) == 1 { standing.append((row.text(0), row.textIfPresent(1))) }
                    }
            }
        }
        self.standing = standing
        return people.sorted().map { "person/\($0)" } + addresses.sorted().map { "address/\($0)" }
            + activities.map { "activity/\($0)" }
    }

    /// Takes what is personal in a stream, and learns from it how the person is called.
    private mutating func gather(_ stream: String) throws {
        for entry in try home.reader.entries(Query(stream: stream)) where entry.content.personal != nil {
            positions.append(entry.position)
            countsByType[entry.type, default: 0] += 1
            switch try entry.fact() {
            case let fact as PersonAdded: learn(fact.details)
            case let fact as PersonChanged: learn(fact.details)
            case let fact as AddressSeen:
                if let email = fact.email?.lowercased() { emails.insert(email) }
                if let name = fact.foldedName { learn(name) }
            default: break
            }
        }
    }

    private mutating func learn(_ details: PersonDetails) {
        for name in [details.name].compactMap(\.self) + details.otherNames { learn(Folding.fold(name)) }
    }

    /// One word is no whole name: too many others are called so.
    private mutating func learn(_ folded: String) {
        let words = folded.split(separator: " ")
        guard words.count > 1 else { return }
        names.insert(folded)
        if let last = words.last { names.insert(([last] + words.dropLast()).joined(separator: " ")) }
    }

    // MARK: Mentions

    /// The streams of the meetings in which the person was, of their series and of all their activities.
    private func attended() throws -> Set<String> {
        let addresses = addresses
        return try home.views().read { views in
            var streams: Set<String> = []
            for address in addresses {
                try views.prepare(
                    """
                    SELECT meeting.meeting, meeting.series FROM meeting_attendee
                        JOIN meeting ON meeting.meeting = meeting_attendee.meeting
                    WHERE meeting_attendee.address = ?
                    """
                ).eachRow(.text(address)) { row in
                    streams.insert("meeting/\(row.text(0))")
                    if let series = row.textIfPresent(1) { streams.insert("series/\(series)") }
                }
            }
            for meeting in streams where meeting.hasPrefix("meeting/") {
                streams.formUnion(
                    try views.prepare("SELECT activity FROM activity WHERE meeting = ?")
                        .map(.text(String(meeting.dropFirst(8)))) { "activity/\($0.text(0))" })
            }
            return streams
        }
    }

    private mutating func gatherMentions(besides own: Set<Int64>, attended: Set<String>) throws {
        let words = Set(names.flatMap { $0.split(separator: " ").map(String.init) }.filter { $0.count > 1 })
        var found: [Entry] = []
        let (owner, names, emails) = (owner, names, emails)
        try home.reader.scan(Query()) { stored in
            guard stored.hasPersonal, !own.contains(stored.position), [owner, Draft.home].contains(stored.owner) else {
                return true
            }
            let entry = stored.copy()
            let text = String(decoding: entry.content.personal ?? [], as: UTF8.self)
            let parts = attended.contains(entry.stream) ? words : []
            guard Naming(text).isOf(emails: emails, names: names, words: parts) else { return true }
            found.append(entry)
            return true
        }
        for entry in found {
            // What is blocked by its address is blocked by having been forgotten: the setting lets it go.
            if entry.type == SettingChanged.type {
                positions.append(entry.position)
                countsByType[entry.type, default: 0] += 1
                continue
            }
            mentions.append(
                Mention(
                    position: entry.position, type: entry.type, shown: try Self.title(of: entry),
                    isTitle: ["meeting.", "series.", "activity.", "note."].contains { entry.type.hasPrefix($0) }
                        && !entry.stream.hasPrefix("person/")))
        }
    }

    private static func title(of entry: Entry) throws -> String? {
        switch try entry.fact() {
        case let fact as MeetingSeen: fact.details.title
        case let fact as MeetingChanged: fact.details.title
        case let fact as SeriesSeen: fact.details.title
        case let fact as SeriesChanged: fact.details.title
        case let fact as ActivityLogged: fact.details.title
        case let fact as ActivityAmended: fact.details.title
        case let fact as ActivityEdited: fact.details.title
        case let fact as AddressSeen: fact.email ?? fact.name
        case let fact as PersonAdded: fact.details.name
        case let fact as PersonChanged: fact.details.name
        default: nil
        }
    }

    // MARK: What is written with the erasure

    /// The settings without what they blocked of the person.
    func unblocked(_ desk: Desk) throws -> [Draft] {
        var drafts: [Draft] = []
        for scope in [owner, Draft.home] {
            let settings = try desk.read { try Settings(of: scope, $0) }
            let before = settings[.blocked]
            guard before.origin == (scope == owner ? "own" : "home") else { continue }
            let kept = settings.names(.blocked).filter { !emails.contains($0.lowercased()) }
            guard kept.count < settings.names(.blocked).count else { continue }
            let json = kept.isEmpty ? nil : try Setting.blocked.json(kept.joined(separator: ","))
            let changed = Setting.blocked.changed(to: json, from: before)
            drafts.append(desk.draft(changed, stream: "setting/\(Setting.blocked.rawValue)", owner: scope))
        }
        return drafts
    }
}

/// Whether a text names somebody, whatever the case, the accents and the punctuation.
struct Naming {
    private let lowered: String
    private let folded: String

    /// - Parameter text: as JSON has it, where the end of a line is two characters.
    init(_ text: String) {
        lowered = text.lowercased()
        let spaced = ["\\n", "\\r", "\\t"].reduce(text) { $0.replacing($1, with: " ") }
        folded =
            " "
            + spaced.split { !$0.isLetter && !$0.isNumber && $0 != "'" && $0 != "’" }
            .map { Folding.letters(of: String($0)) }.joined(separator: " ") + " "
    }

    func isOf(emails: Set<String>, names: Set<String>, words: Set<String>) -> Bool {
        emails.contains { lowered.contains($0) } || names.contains { folded.contains(" \($0) ") }
            || words.contains { folded.contains(" \($0) ") }
    }
}
