import Entries
import Foundation
import Ledger
import Machine
import Rehearsal
import Secrets
import Sync

@testable import Application
@testable import Service

/// A home that a household has, with a clock that stands until it is set and chance from a seed.
final class ServedHome: Sendable {
    let place: String
    let folder: HomeFolder
    let clock: Guarded<Int64>
    let household: Household
    let user: String
    let options: OpenHome.Options

    /// 2025-12-01 10:00 UTC, a Monday.
    static let start: Int64 = 1_764_583_200_000

    init(seed: UInt64 = 1, network: Network? = nil, before: (HomeFolder, OpenHome.Options) throws -> Void = { _, _ in })
        throws
    {
        place = FileManager.default.temporaryDirectory.appending(path: "served-\(UUID().uuidString.prefix(8))").path
        try Folder.create(place)
        folder = HomeFolder(place + "/home")
        let clock = Guarded(Self.start)
        self.clock = clock
        var options = OpenHome.Options()
        options.now = { clock.with { $0 } }
        options.randomness = .seeded(seed)
        options.lockWaitMilliseconds = 10_000
        if let network { options.network = network }
        self.options = options
        user = try NewHome.create(folder, userName: "Ada", zone: "Europe/Berlin", options).user
        try before(folder, options)
        household = try Household(folder, options)
    }

    deinit {
        try? household.close()
        try? FileManager.default.removeItem(atPath: place)
    }

    func pass(minutes: Int64) { clock.with { $0 += minutes * 60_000 } }

    func append<SomeFact: Fact>(_ fact: SomeFact, stream: String, _ change: (inout SomeFact) -> Void = { _ in }) throws
    {
        var fact = fact
        change(&fact)
        try household.with { home in
            _ = try home.append([Draft(fact, stream: stream, owner: user, actor: "test")])
        }
    }

    /// A connection of files that are not there, which is enough for what is planned.
    func connect(_ id: String, provider: Provider = .files, every minutes: Int64 = 15) throws {
        try append(ConnectionAdded(), stream: "connection/\(id)") {
            $0.connection = id
            $0.provider = provider
            $0.name = id
            $0.account = id
            $0.isSyncEnabled = true
            $0.isAutoLogEnabled = true
            $0.syncFromDays = 90
            $0.syncToDays = 30
            $0.syncFrequencyMinutes = minutes
        }
    }

    /// A reading of it that ended now.
    func read(
        _ id: String, fails: Bool = false, run: String = UUID().uuidString, trigger: Trigger = .scheduled
    ) throws {
        var reading = FetchRun()
        reading.connection = id
        reading.run = run
        reading.subject = .meetings
        reading.trigger = trigger
        let now = clock.with { $0 }
        if fails {
            try append(FetchFailed(), stream: "connection/\(id)") {
                ($0.reading, $0.mode, $0.errorClass, $0.attempts) = (reading, .full, .transient, 1)
                ($0.errorCode, $0.started) = ("unreachable", now)
            }
        } else {
            try append(FetchFinished(), stream: "connection/\(id)") {
                ($0.reading, $0.mode, $0.isComplete, $0.attempts, $0.started) = (reading, .full, true, 1, now)
            }
        }
    }

    func count(_ type: String) throws -> Int {
        try household.with { home in
            try home.reader.entries(Query(types: [type], limit: 10_000)).count
        }
    }
}

extension ServedHome {
    func breaker(_ home: OpenHome) -> BreakerStage { BreakerStage(home.desk(actor: "test")) }
}
