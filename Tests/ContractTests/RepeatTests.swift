import Application
import Foundation
import Testing

/// The same, read again and again.
@Suite struct RepeatTests {
    @Test(arguments: Kind.here)
    func `G10 B03 the same pages again and again leave as many entries as one reading`(_ kind: Kind) throws {
        let it = try Scene(kind, [.past, .weekly, .coming])
        let before = (try it.home.substance(), try it.home.state())
        for _ in 0..<2 {
            try it.side.forgetCursors()
            try it.home.sync(isFull: true)
            try it.sync()
        }
        #expect(try it.home.substance() == before.0)
        #expect(try it.home.state() == before.1)
    }

    @Test(arguments: [Kind.file, .google].filter(Kind.here.contains))
    func `G10 G109 syncs of one home at the same time leave as many entries as one`(_ kind: Kind) throws {
        let side = try kind.side()
        for meeting in [Meeting.past, .weekly, .other] { try side.put(meeting) }
        let home = try ContractHome()
        try side.connect(home)
        let alone = try ContractHome(copying: home, from: home.folder.path)
        try alone.sync()
        let (folder, options) = (home.folder, home.options)
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            do {
                _ = try Door(folder, options).ask(SyncRequest())
            } catch {
                Issue.record("a sync failed: \(error)")
            }
        }
        #expect(try home.substance() == alone.substance())
        #expect(try home.state() == alone.state())
    }
}
