import Entries
import Schedule

/// Every job that the service does by itself, and that can be done by hand.
///
/// Readings are not among those with a time of their own: each connection has one (`Agenda`), and `fetch` and `people`
/// here read what is due, for those who have no service.
public enum JobCatalogue {
    public static let all: [PlannedJob] = [
        PlannedJob(.fetch, "Reads every calendar that is due", .minutes(1), "by the frequency of each") {
            try Readings.read($0, $1, .meetings)
        },
        PlannedJob(.people, "Reads every address book that is due", .minutes(1), "by the frequency of each") {
            try Readings.read($0, $1, .people)
        },
        PlannedJob(
            .inbox, "Reads what providers said has changed", .seconds(30), "at once, and at the latest after 30 seconds"
        ) { try Pushing.follow($0, $1) },
        PlannedJob(
            .openWatches, "Has providers tell of changes, and stops those that are not wanted", .minutes(5),
            "every 5 minutes"
        ) {
            try Pushing.tend($0, $1)
        },
        PlannedJob(.renewWatches, "Renews what ends soon of that", .minutes(60), "every hour") {
            try Pushing.renew($0, $1)
        },
        PlannedJob(.log, "Logs what has ended, for every user", .minutes(5), "every 5 minutes") {
            try Deciding.run($0, $1)
        },
        PlannedJob(.conflicts, "Looks for meetings that are copies of each other", .minutes(30), "every 30 minutes") {
            try Comparing.run($0, $1)
        },
        PlannedJob(.renewCredentials, "Renews grants that end soon", .minutes(10), "every 10 minutes") {
            try Renewal.run($0, $1)
        },
        PlannedJob(.deliver, "Tells whoever is to be told of what happens", .minutes(5), "at once") {
            try Telling.run($0, $1)
        },
        PlannedJob(.alerts, "Looks for what a person should know", .minutes(1), "every minute") {
            try Watchman.run($0, $1)
        },
        PlannedJob(
            .cleanup, "Takes out of the views what nobody looks at any more", .daily(hour: 3, minute: 0),
            "daily at 03:00 UTC"
        ) { try Keeping.cleanUp($0, $1) },
        PlannedJob(.checkpoint, "Signs the ledger as it stands", .daily(hour: 3, minute: 0), "daily at 03:00 UTC") {
            try Keeping.checkpoint($0, $1)
        },
        PlannedJob(
            .verify, "Looks whether everything is as it was written", .weekly(day: 0, hour: 3, minute: 30),
            "on Sundays at 03:30 UTC", isReading: true
        ) { home, _ in try Keeping.verify(home) },
    ]

    /// Tells one hook what waits for it.
    public static func tell(_ hook: String, in home: OpenHome) throws -> JobReport {
        Telling.report(try HookCourier(home: home).run(hook))
    }

    public static func named(_ name: String) throws -> PlannedJob {
        guard let job = all.first(where: { $0.job.rawValue == name || $0.typed == name }) else {
            let names = all.map(\.typed).joined(separator: ", ")
            throw Refusal(.notFound, "there is no job “\(name)”", hint: "The jobs are: \(names).")
        }
        return job
    }
}

extension PlannedJob {
    /// The name as it is typed.
    public var typed: String { String(job.rawValue.map { $0 == "_" ? "-" : $0 }) }

    /// The service does it at its times; of the others each connection, and each hook, has a time of its own.
    public var hasTimeOfItsOwn: Bool { ![.fetch, .people, .deliver].contains(job) }
}
