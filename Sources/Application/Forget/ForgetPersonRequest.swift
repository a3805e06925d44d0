import Entries
import Ledger
import Machine
import Projections
import SQLite
import Secrets
import Sync

/// Forgets a person: what tells about them is erased for good, and what reads calendars does not write it down again.
///
/// What is erased, and that nothing of it comes back, is one transaction; a kill leaves all of it done or none.
public struct ForgetPersonRequest: Request {
    public static let name = "forget_person"

    public struct Forgotten: Codable, Sendable {
        public struct Mention: Codable, Sendable {
            public let position: Int64
            public let type: String
            /// What it is called; nil once it is erased.
            public let shown: String?
            /// It tells of a meeting or an activity, and goes with `erasesTitles`.
            public let isTitle: Bool
        }

        public let person: PeopleRequest.Known
        public let isDryRun: Bool
        /// How many entries lose, or would lose, their personal half, by type.
        public let entries: [String: Int64]
        public let addresses: Int64
        /// Addresses that somebody else has as well, which stay.
        public let shared: [String]
        public let activities: Int64
        /// What names the person and stays.
        public let mentions: [Mention]
        /// Backups of before, which still hold what is erased.
        public let backups: [String]
        public let certificate: ErasureCertificate?
        public let followed: Followed
    }

    public var user: String?
    public var person: String
    public var note: String?
    /// Meetings and activities that name the person lose title, description and place as well.
    public var erasesTitles = false
    public var isDryRun = false

    public init(user: String?, person: String) {
        self.user = user
        self.person = person
    }

    public func answer(in home: OpenHome) throws -> Forgotten {
        try home.requireConfirmedHead()
        let viewer = try home.viewer(user)
        let id = try home.person(person, of: viewer)
        guard let known = try PeopleRequest.one(id, home) else {
            throw Refusal(.notFound, "there is no person “\(person)”")
        }
        if known.isYou {
            throw Refusal(
                .conflict, "\(known.name ?? person) is you",
                hint: "An account is forgotten as a whole: daybook forget account USER")
        }
        let traces = try PersonTraces(of: id, owner: viewer.user, home)
        let going = traces.mentions.filter { erasesTitles && $0.isTitle }
        let staying = traces.mentions.filter { !(erasesTitles && $0.isTitle) }
        let counts = going.reduce(into: traces.countsByType) { $0[$1.type, default: 0] += 1 }
        let backups = try home.backupPaths()
        func answer(_ certificate: ErasureCertificate?, _ followed: Followed) -> Forgotten {
            Forgotten(
                person: known, isDryRun: isDryRun, entries: counts, addresses: Int64(traces.addresses.count),
                shared: traces.shared, activities: Int64(traces.standing.count),
                mentions: staying.map {
                    Forgotten.Mention(position: $0.position, type: $0.type, shown: $0.shown, isTitle: $0.isTitle)
                }, backups: backups, certificate: certificate, followed: followed)
        }
        if isDryRun { return answer(nil, Followed()) }
        let before = try home.signHead()
        let desk = home.desk()
        let (receipt, erased) = try OpenHome.explained(home.folder) {
            try home.writer.erase(
                traces.positions + going.map(\.position), reason: .request, note: note, about: .person(id),
                owner: viewer.user, actor: Actor.asking,
                followers: try followers(id, traces, desk, viewer))
        }
        // Whoever was there is not matched any more, and activities of others name them no longer.
        let followed = try desk.follow(viewer.user)
        let after = try home.signHead()
        return answer(
            ErasureCertificate(
                subject: .person, identifier: id, erasedAt: home.options.now(), entries: Int64(erased.count),
                entriesByType: counts, positions: erased, recordedAt: [receipt.position, receipt.position + 1],
                addresses: Int64(traces.addresses.count), mentionsLeft: Int64(staying.count), secretsDestroyed: 0,
                backups: Int64(backups.count), verifierKey: home.signer.verifier.description,
                checkpointBefore: before.description, checkpointAfter: after.description), followed)
    }

    /// That the person is gone comes first, so that the answer about an address finds nobody.
    private func followers(_ id: String, _ traces: PersonTraces, _ desk: Desk, _ viewer: Viewer) throws -> [Draft] {
        var drafts: [Draft] = []
        for person in [id] + traces.people.subtracting([id]).sorted() {
            var fact = PersonErased()
            fact.person = person
            fact.addresses = person == id ? traces.addresses.sorted() : []
            drafts.append(desk.draft(fact, stream: "person/\(person)", owner: viewer.user))
        }
        for address in traces.addresses.sorted() {
            var fact = AddressExcluded()
            (fact.address, fact.reason) = (address, .erased)
            drafts.append(desk.draft(fact, stream: "address/\(address)", owner: viewer.user))
        }
        for standing in traces.standing {
            var fact = ActivityRetracted()
            (fact.activity, fact.meeting, fact.reason) = (standing.activity, standing.meeting, .erased)
            drafts.append(desk.draft(fact, stream: "activity/\(standing.activity)", owner: viewer.user))
        }
        return drafts + (try traces.unblocked(desk))
    }
}
