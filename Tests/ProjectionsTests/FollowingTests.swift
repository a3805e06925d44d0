import Entries
import Machine
import Rehearsal
import SQLite
import Secrets
import Testing

@testable import Ledger
@testable import Projections

/// Rebuild = follow, to the byte: whichever way the views came to the end of the ledger, they are the same.
///
/// Each history is invented from a seed, with erasures at random; a failing expectation names the seed.
@Suite struct FollowingTests {
    /// A history: batches of drafts, and between them erasures, as positions.
    private enum Step {
        case append([Draft])
        case erase([Int64])
    }

    private static func history(_ seed: UInt64, entries: Int) -> [Step] {
        var chance = Chance(seed: seed &* 31 &+ 7)
        var invention = Invention(seed: seed, users: 1 + chance.below(4))
        var steps: [Step] = []
        var written: Int64 = 0
        var total: Int64 = 0
        while total < entries {
            let drafts = invention.next(1 + chance.below(60)) + Extras.drafts(&chance)
            steps.append(.append(drafts))
            total += Int64(drafts.count)
            written += Int64(drafts.count)
            if chance.happens(20) {
                steps.append(.erase((0...chance.below(4)).map { _ in 1 + Int64(chance.below(Int(written))) }))
                written += 1
            }
        }
        return steps
    }

    private static func apply(_ step: Step, to writer: LedgerWriter) throws {
        switch step {
        case .append(let drafts): try writer.append(drafts)
        case .erase(let positions):
            _ = try writer.erase(
                Set(positions).sorted(), reason: .request, note: nil, owner: Draft.home, actor: "test")
        }
    }

    private static func whole(_ seed: UInt64, entries: Int = 500) throws -> LedgerWriter {
        let writer = try LedgerWriter.inMemory(.rehearsed(seed: seed))
        for step in history(seed, entries: entries) { try apply(step, to: writer) }
        return writer
    }

    private static func open(_ folder: String, _ writer: LedgerWriter) throws -> Views {
        try Views.open(in: folder, shippedProjections(), reader: writer.reader).views
    }

    /// The digests of views that were posted in one go from the finished ledger: what all others must be.
    private static func inOneGo(_ writer: LedgerWriter) throws -> [String: Digest] {
        try withFolder { try open($0, writer).digests() }
    }

    private static func differences(_ found: [String: Digest], _ wanted: [String: Digest]) -> [String] {
        Set(found.keys).union(wanted.keys).filter { found[$0] != wanted[$0] }.sorted()
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `E02 followed one by one is what is posted in one go`(_ seed: UInt64) throws {
        try withFolder { folder in
            let writer = try LedgerWriter.inMemory(.rehearsed(seed: seed))
            let views = try Self.open(folder, writer)
            for step in Self.history(seed, entries: 300) {
                try Self.apply(step, to: writer)
                try views.follow()
            }
            let wanted = try Self.inOneGo(writer)
            #expect(Self.differences(try views.digests(), wanted) == [], "seed \(seed)")
            #expect(try views.position() == writer.head.size)
            #expect(try views.verify().allSatisfy(\.isEqual), "seed \(seed)")
            try views.rebuild()
            #expect(Self.differences(try views.digests(), wanted) == [], "rebuilt, seed \(seed)")
        }
    }

    @Test func `E02 each entry alone in its transaction is no other way`() throws {
        try withFolder { folder in
            let writer = try LedgerWriter.inMemory(.rehearsed(seed: 99))
            let views = try Self.open(folder, writer)
            var invention = Invention(seed: 99, users: 2)
            for draft in invention.next(400) {
                try writer.append(draft)
                try views.follow()
            }
            #expect(Self.differences(try views.digests(), try Self.inOneGo(writer)) == [])
        }
    }

    @Test(arguments: 20...24 as ClosedRange<UInt64>)
    func `E02 kills at random moments lose nothing and double nothing`(_ seed: UInt64) throws {
        var chance = Chance(seed: seed)
        var folders: [String] = []
        defer { for folder in folders { try? Folder.removeFolder(folder) } }
        func newFolder() throws -> String {
            let path = try withFolder { $0 }
            try Folder.create(path)
            folders.append(path)
            return path
        }
        var folder = try newFolder()
        let writer = try LedgerWriter.inMemory(.rehearsed(seed: seed))
        var views = try Self.open(folder, writer)
        for step in Self.history(seed, entries: 400) {
            try Self.apply(step, to: writer)
            guard chance.happens(35) else {
                if chance.happens(70) { try views.follow() }
                continue
            }
            // What lies on the disk at this moment is all that the next process finds.
            let after = try newFolder()
            try Self.leaveBehind(folder, in: after, views, writer, &chance)
            folder = after
            views = try Self.open(folder, writer)
            #expect(try views.position() == writer.head.size, "seed \(seed)")
        }
        try views.follow()
        #expect(Self.differences(try views.digests(), try Self.inOneGo(writer)) == [], "seed \(seed)")
        #expect(try views.verify().allSatisfy(\.isEqual), "seed \(seed)")
    }

    /// Copies the files of a folder aside while the views are being posted: at rest, in the middle of following, or in
    /// the middle of a rebuild.
    private static func leaveBehind(
        _ folder: String, in after: String, _ views: Views, _ writer: LedgerWriter, _ chance: inout Chance
    ) throws {
        struct Killed: Error {}
        switch chance.below(3) {
        case 0: try copy(folder, to: after)
        case 1:
            try views.follow()
            try copy(folder, to: after)
        default:
            do {
                try views.rebuild { _, _ in
                    try copy(folder, to: after)
                    throw Killed()
                }
                try copy(folder, to: after)
            } catch is Killed {}
        }
    }

    private static func copy(_ folder: String, to target: String) throws {
        for name in try Folder.names(in: folder) {
            try Folder.replace(target + "/" + name, with: try Folder.read(folder + "/" + name))
        }
    }

    @Test(arguments: 40...42 as ClosedRange<UInt64>)
    func `E02 rebuilt one projection at a time is rebuilt`(_ seed: UInt64) throws {
        try withFolder { folder in
            let writer = try Self.whole(seed)
            let views = try Self.open(folder, writer)
            let wanted = try views.digests()
            for projection in try shippedProjections().shuffled(seed) {
                try views.rebuild(only: [projection.name])
                #expect(Self.differences(try views.digests(), wanted) == [], "\(projection.name), seed \(seed)")
                #expect(try views.position() == writer.head.size)
            }
            #expect(try views.verify().allSatisfy(\.isEqual), "seed \(seed)")
        }
    }

    @Test func `E02 following goes on after a projection was rebuilt alone`() throws {
        try withFolder { folder in
            let writer = try LedgerWriter.inMemory(.rehearsed(seed: 7))
            let views = try Self.open(folder, writer)
            for (index, step) in Self.history(7, entries: 300).enumerated() {
                try Self.apply(step, to: writer)
                if index.isMultiple(of: 3) { try views.rebuild(only: ["metrics", "meeting"]) }
            }
            try views.follow()
            #expect(Self.differences(try views.digests(), try Self.inOneGo(writer)) == [])
        }
    }

    @Test func `two folders and one seed give the same digests`() throws {
        let digests = try (1...2).map { _ in try Self.inOneGo(Self.whole(5, entries: 300)) }
        #expect(digests[0] == digests[1])
        #expect(digests[0].count == (try shippedProjections()).flatMap(\.tables).count)
        #expect(digests[0] != (try Self.inOneGo(Self.whole(6, entries: 300))))
    }

    @Test func `a digest tells apart what looks alike`() throws {
        let connection = try Connection(path: ":memory:", as: .memory)
        try connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a ANY, b ANY) STRICT")
        let table = Projection.Table(name: "t", columns: ["id", "a", "b"], primaryKey: ["id"])
        let contents = [
            "(1, NULL, NULL)", "(1, '', NULL)", "(1, NULL, '')", "(1, x'', NULL)", "(1, 0, NULL)", "(1, '0', NULL)",
            "(1, 0.5, NULL)", "(1, 'ab', 'c')", "(1, 'a', 'bc')", "(2, 'a', 'bc')", "(1, 'a', x'6263')",
            "(1, 'a', 'bc'), (2, NULL, NULL)",
        ]
        var digests = [try table.digest(in: connection)]
        for content in contents {
            try connection.execute("DELETE FROM t; INSERT INTO t VALUES \(content)")
            digests.append(try table.digest(in: connection))
        }
        #expect(Set(digests).count == contents.count + 1)
    }

    @Test func `a digest does not know in which order rows were written`() throws {
        let connection = try Connection(path: ":memory:", as: .memory)
        try connection.execute("CREATE TABLE t (a TEXT, b TEXT, PRIMARY KEY (b, a)) STRICT")
        let table = Projection.Table(name: "t", columns: ["a", "b"], primaryKey: ["b", "a"])
        try connection.execute("INSERT INTO t VALUES ('x', '1'), ('a', '2'), ('z', '1')")
        let first = try table.digest(in: connection)
        try connection.execute("DELETE FROM t; INSERT INTO t VALUES ('z', '1'), ('a', '2'), ('x', '1')")
        #expect(try table.digest(in: connection) == first)
    }
}

/// What the invented histories lack: the entries that take away, merge, confirm and edit.
private enum Extras {
    static func drafts(_ chance: inout Chance) -> [Draft] {
        guard chance.happens(60) else { return [] }
        // A few things, met again and again, so that the entries have something to work on.
        let person = "p\(chance.below(3))"
        let address = "a\(chance.below(3))"
        let meeting = "m\(chance.below(3))"
        let connection = "c\(chance.below(2))"
        let calendar = "k\(chance.below(3))"
        return [
            self.person(person, address, &chance), self.address(address, person, &chance),
            self.meeting(meeting, connection, calendar, address, &chance), self.run(connection, calendar, &chance),
        ].map(\.draft)
    }

    private static func person(_ person: String, _ address: String, _ chance: inout Chance) -> any Fact {
        switch chance.below(4) {
        case 0:
            var added = PersonAdded()
            added.person = person
            added.details.addresses = [address, "a9"]
            added.details.name = "Ada \(chance.below(9))"
            return added
        case 1:
            var changed = PersonChanged()
            changed.person = person
            changed.details.addresses = chance.happens(50) ? [address] : []
            changed.cleared = chance.happens(50) ? ["name"] : []
            return changed
        case 2:
            var merged = PersonMerged()
            merged.person = person
            merged.survivor = "p\(chance.below(3))"
            return merged
        default:
            var removed = PersonRemoved()
            removed.person = person
            return removed
        }
    }

    private static func address(_ address: String, _ person: String, _ chance: inout Chance) -> any Fact {
        switch chance.below(5) {
        case 0:
            var seen = AddressSeen()
            seen.address = address
            seen.email = "x\(chance.below(5))@example.org"
            return seen
        case 1:
            var suggested = AddressSuggested()
            (suggested.address, suggested.person, suggested.confidence) = (address, person, 80)
            return suggested
        case 2:
            var confirmed = AddressConfirmed()
            (confirmed.address, confirmed.person, confirmed.confidence) = (address, person, 80)
            return confirmed
        case 3:
            var rejected = AddressRejected()
            (rejected.address, rejected.person) = (address, person)
            return rejected
        default:
            var unmatched = AddressUnmatched()
            (unmatched.address, unmatched.reason) = (address, .rulesChanged)
            return unmatched
        }
    }

    private static func meeting(
        _ meeting: String, _ connection: String, _ calendar: String, _ address: String, _ chance: inout Chance
    ) -> any Fact {
        switch chance.below(5) {
        case 0, 1:
            var seen = MeetingSeen()
            (seen.meeting, seen.connection, seen.calendar, seen.providerID) = (meeting, connection, calendar, "i")
            var attendee = Attendee()
            attendee.address = address
            seen.details.attendees = [attendee]
            seen.details.starts = Int64(chance.below(1_000))
            seen.details.ends = Int64(chance.below(2_000))
            seen.details.title = "Tea \(chance.below(9))"
            return seen
        case 2:
            var withdrawn = MeetingWithdrawn()
            (withdrawn.meeting, withdrawn.connection, withdrawn.calendar) = (meeting, connection, calendar)
            return withdrawn
        case 3:
            var dropped = CalendarDropped()
            (dropped.connection, dropped.calendar) = (connection, calendar)
            return dropped
        default:
            var applied = RetentionApplied()
            applied.before = Int64(chance.below(1_000))
            return applied
        }
    }

    private static func run(_ connection: String, _ calendar: String, _ chance: inout Chance) -> any Fact {
        var reading = FetchRun()
        (reading.connection, reading.calendar, reading.run) = (connection, calendar, "r\(chance.below(5))")
        switch chance.below(4) {
        case 0:
            var finished = FetchFinished()
            finished.reading = reading
            finished.created = Int64(chance.below(5))
            finished.durationMilliseconds = Int64(chance.below(500))
            return finished
        case 1:
            var failed = FetchFailed()
            failed.reading = reading
            failed.durationMilliseconds = Int64(chance.below(500))
            failed.message = "It did not answer."
            return failed
        case 2:
            var finished = JobFinished()
            finished.connection = connection
            finished.outcome = chance.pick([.success, .failure, .skipped, .rescheduled])
            return finished
        default:
            var removed = ConnectionRemoved()
            removed.connection = connection
            return removed
        }
    }
}

extension Fact {
    fileprivate var draft: Draft { Draft(self, stream: "extra/e", owner: "ada", actor: "test") }
}

extension [Projection] {
    fileprivate func shuffled(_ seed: UInt64) -> [Projection] {
        var chance = Chance(seed: seed)
        return shuffled(using: &chance)
    }
}
