import Entries
import Foundation
import Ledger
import Machine
import Projections
import Rehearsal
import SQLite
import Testing

@testable import Application

/// What nobody looks at any more leaves the views, and the ledger keeps it.
@Suite struct CleanupTests {
    private typealias Event = DecidingHome.Event
    private static let day: Int64 = 86_400_000

    private static let old = Event(
        uid: "a", title: "Planning", day: "20251210T0900", people: [DecidingHome.jane])
    private static let oldDay = Event(uid: "b", title: "Offsite", day: "20251212", people: [DecidingHome.jane])
    private static let young = Event(
        uid: "c", title: "Review", day: "20260701T0900", people: [DecidingHome.jane])

    private func titles(_ it: DecidingHome) throws -> [String] {
        try it.home.door.open { home in
            try home.views().read { try $0.prepare("SELECT title FROM meeting ORDER BY title").map { $0.text(0) } }
        }.answer
    }

    private func clean(_ it: DecidingHome) throws -> Cleanup {
        try it.home.door.open { try Cleanup.run(in: $0) }.answer
    }

    /// A home that was in use in winter, and is looked at in summer.
    private func home() throws -> DecidingHome {
        let it = try DecidingHome([Self.old, Self.oldDay], people: [DecidingHome.jane])
        it.home.time.jump(by: 200 * Self.day)
        try it.writeCalendar([Self.old, Self.oldDay, Self.young])
        try it.sync()
        return it
    }

    @Test func `M02 old meetings leave the views and nothing else, and a rebuild comes to the same`() throws {
        let it = try home()
        #expect(try titles(it) == ["Offsite", "Planning", "Review"])
        let cleanup = try clean(it)
        #expect(cleanup.meetings == 2)
        #expect(try titles(it) == ["Review"])
        #expect(try it.activities() == ["Planning: Jane Doe", "Review: Jane Doe"])
        #expect(try it.home.ask(RebuildRequest(only: [], verifies: true)).isEqual)
        #expect(try it.home.ask(VerifyRequest(kept: [], withViews: true)).isIntact)
        #expect(try it.entries(of: MeetingSeen.type) == 3)
        // Said again, it writes nothing; and no reading brings them back.
        let size = try it.entryCount()
        #expect(try clean(it) == Cleanup())
        #expect(try it.entryCount() == size)
        try it.sync(isFull: true)
        #expect(try titles(it) == ["Review"])
        #expect(try it.activities() == ["Planning: Jane Doe", "Review: Jane Doe"])
    }

    @Test func `M02 L40 it is a job of the service, and can be done by hand`() throws {
        let it = try home()
        #expect(try JobCatalogue.named("cleanup").cadence == "daily at 03:00 UTC")
        let order = JobOrder(run: "r", trigger: .scheduled)
        let report = try it.home.door.open { try JobCatalogue.named("cleanup").work($0, order) }.answer
        #expect(report.outcome == .success && report.deleted >= 2)
        let last = try #require(
            try it.home.ask(LogRequest()).entries.last { $0.type == RetentionApplied.type })
        #expect(last.actor == "scheduler")
        #expect(try it.home.door.open { try JobCatalogue.named("cleanup").work($0, order) }.answer.isQuiet)
    }

    @Test func `M02 for how long they stay is a setting, and each user's own`() throws {
        let it = try home()
        _ = try it.home.ask(ChangeSettingRequest(user: nil, setting: "keep-days", value: "365"))
        #expect(try clean(it).meetings == 0)
        _ = try it.home.ask(ChangeSettingRequest(user: nil, setting: "keep-days", value: "0"))
        #expect(try clean(it).meetings == 2)
    }

    @Test func `M03 M04 runs of long ago leave the views, and the state of a connection stays`() throws {
        let it = try home()
        let before = try it.home.ask(ConnectionsRequest(user: nil))
        let cleanup = try clean(it)
        #expect(cleanup.runs > 0)
        let after = try it.home.ask(ConnectionsRequest(user: nil))
        #expect(after.connections.map(\.lastSuccess) == before.connections.map(\.lastSuccess))
        #expect(after.connections.map(\.version) == before.connections.map(\.version))
        #expect(try it.home.ask(RebuildRequest(only: [], verifies: true)).isEqual)
    }

    @Test func `M04 what was left lying is swept, and what is young is left alone`() throws {
        let it = try home()
        let folder = it.home.folder.path
        // Files bear the time of the machine, and the home is asked at a time that is handed in.
        let written = try #require(Folder.facts(it.home.folder.headNote)).changedAt
        let soon = written + 60_000
        let later = soon + 2 * Cleanup.leftoverMilliseconds
        for (now, swept) in [(soon, []), (later, ["backup.unfinished", "views-99.db"])] as [(Int64, [String])] {
            it.home.options.now = { now }
            let home = try OpenHome(it.home.folder, it.home.options)
            // Whoever opens the views takes away those that were replaced by then.
            _ = try home.views()
            for name in ["backup.unfinished", "views-99.db"] { try write("x", to: folder + "/" + name) }
            let files = try Cleanup.run(in: home).files
            #expect(files == swept)
            #expect(try Set(Folder.names(in: folder)).isDisjoint(with: swept))
            try home.close()
        }
    }
}

/// What does not fit together is mended by entries.
@Suite struct RepairTests {
    private typealias Event = DecidingHome.Event

    private func repair(_ it: DecidingHome, isDryRun: Bool = false) throws -> RepairRequest.Repaired {
        try it.home.ask(RepairRequest(isDryRun: isDryRun))
    }

    private func home() throws -> DecidingHome {
        try DecidingHome(
            [Event(uid: "a", title: "Planning", day: "20251210T0900", people: [DecidingHome.jane])],
            people: [DecidingHome.jane])
    }

    @Test func `K05 where everything fits, nothing is written`() throws {
        let it = try home()
        let size = try it.entryCount()
        #expect(try repair(it).findings.isEmpty)
        #expect(try it.entryCount() == size)
    }

    @Test func `K05 each flaw is named, mended by an entry, and found no more`() throws {
        let it = try home()
        let owner = it.home.made.user
        try it.home.write(ActivityLogged(), stream: "activity/second") {
            ($0.activity, $0.person) = ("second", "nobody")
        }
        try it.home.write(AddressSeen(), stream: "address/lost") { $0.address = "lost" }
        try it.home.write(AddressMatched(), stream: "address/lost") {
            ($0.address, $0.person, $0.rule) = ("lost", "nobody", .manual)
        }
        try it.home.write(ConnectionRemoved(), stream: "connection/gone") { $0.connection = "gone" }
        try it.home.write(WatchOpened(), stream: "watch/w") { ($0.watch, $0.connection) = ("w", "gone") }
        let size = try it.entryCount()
        let preview = try repair(it, isDryRun: true)
        #expect(
            Set(preview.findings.map(\.name))
                == ["activity_of_nobody", "match_of_nobody", "watch_of_gone_connection"])
        #expect(preview.findings.allSatisfy { $0.owner == owner && $0.entry != nil })
        #expect(try it.entryCount() == size)
        let repaired = try repair(it)
        #expect(repaired.findings == preview.findings)
        #expect(repaired.positions.count == 3)
        #expect(try repair(it).findings.isEmpty)
        #expect(try it.activities() == ["-: nobody (person_removed)", "Planning: Jane Doe"])
        #expect(try it.home.ask(VerifyRequest(kept: [], withViews: true)).isIntact)
    }

    @Test func `K05 a second activity of one person and meeting is retracted, and the first stays`() throws {
        let it = try home()
        let (meeting, person) = try it.home.door.open { home in
            try home.views().read {
                try #require(
                    try $0.prepare("SELECT meeting, person FROM activity").first { ($0.text(0), $0.text(1)) })
            }
        }.answer
        try it.home.write(ActivityLogged(), stream: "activity/second") {
            ($0.activity, $0.meeting, $0.person) = ("second", meeting, person)
        }
        #expect(try repair(it).findings.map(\.name) == ["second_activity"])
        #expect(try it.activities() == ["-: Jane Doe (duplicate)", "Planning: Jane Doe"])
    }
}
