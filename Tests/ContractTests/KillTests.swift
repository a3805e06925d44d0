import Application
import Foundation
import Synchronization
import Testing

/// The process is killed in the middle of its work, and another begins with what lies on the disk.
@Suite struct KillTests {
    /// How many kills for each kind and each of both syncs.
    private static let kills: Int = {
        let asked = ProcessInfo.processInfo.environment["DAYBOOK_TEST_KILLS"].flatMap { Int($0) } ?? 20
        return max(1, asked / (2 * max(1, Kind.here.count)))
    }()

    @Test(arguments: Kind.here)
    func `G106 D05 killed at any moment of a sync, the end is that of one that was not`(_ kind: Kind) throws {
        let side = try kind.side()
        for meeting in [Meeting.past, .other, .coming, .weekly] { try side.put(meeting) }
        let home = try ContractHome()
        try side.connect(home)
        let read = try strike(home, "first")
        try side.change("past") { ($0.title, $0.guests) = ("Planning the year", [.jane, .bob]) }
        try side.change("weekly", at: "2025-12-09T09:00") { $0.start = "2025-12-10T13:00" }
        try side.cancel("weekly", at: "2025-12-16T09:00")
        try side.delete("other")
        try side.put(Meeting("new", "Retrospective", "2025-12-19T11:00") { $0.guests = [.jane, .bob] })
        _ = try strike(read, "changes")
    }

    /// Syncs the home undisturbed, and again with kills, which must come to the same. Answers the undisturbed one.
    private func strike(_ home: ContractHome, _ name: String) throws -> ContractHome {
        let calm = try ContractHome(copying: home, from: home.folder.path)
        let watched = Images(of: calm, at: [])
        try calm.sync()
        watched.stop()
        try calm.sync()
        let wanted = try calm.state()
        let logged = try calm.count("activity.logged")
        let looks = watched.looks
        var chance = SystemRandomNumberGenerator()
        let moments = Set((0..<Self.kills).map { _ in Int.random(in: 1...looks, using: &chance) })
        let killed = try ContractHome(copying: home, from: home.folder.path)
        let images = Images(of: killed, at: moments)
        try killed.sync()
        images.stop()
        for moment in moments.sorted() {
            let risen = try ContractHome(copying: killed, from: images.folder(moment))
            for _ in 0..<2 { try risen.sync() }
            let state = try risen.state()
            let differing = Set(state).symmetricDifference(wanted).sorted()
            #expect(state == wanted, "\(name): killed at \(moment) of \(looks): \(differing)")
            #expect(try risen.count("activity.logged") == logged, "\(name): killed at \(moment) of \(looks)")
            #expect(try risen.ask(VerifyRequest(kept: [], withViews: true)).isIntact)
        }
        return calm
    }
}

/// Copies of a home as it lies on the disk at some moments of its work: what a process that is killed then leaves. A
/// moment is a look at the clock, of which there is one at least with every entry, and every request that goes out.
private final class Images: Sendable {
    private let count = Atomic<Int>(0)
    private let isOn = Atomic<Bool>(true)
    private let moments: Set<Int>
    private let source: String
    private let place: String

    init(of home: ContractHome, at moments: Set<Int>) {
        self.moments = moments
        source = home.folder.path
        place = home.place
        let now = home.options.now
        home.options.now = { [self] in
            look()
            return now()
        }
    }

    var looks: Int { count.load(ordering: .relaxed) }

    func folder(_ moment: Int) -> String { "\(place)/killed-\(moment)" }

    /// From here on nothing is copied.
    func stop() { isOn.store(false, ordering: .relaxed) }

    private func look() {
        guard isOn.load(ordering: .relaxed) else { return }
        let moment = count.add(1, ordering: .relaxed).newValue
        if moments.contains(moment) { try? FileManager.default.copyItem(atPath: source, toPath: folder(moment)) }
    }
}
