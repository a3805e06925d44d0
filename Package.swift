// swift-tools-version: 6.2
import PackageDescription

// The house, bottom up; docs/architecture.md tells it as a story.
let package = Package(
    name: "daybook",
    products: [
        .executable(name: "daybook", targets: ["Command"])
    ],
    targets: [
        // The module map and shim of one C library each.
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "CXML", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),

        // Safe faces: the only unsafe code in the house.
        .target(name: "SQLite", dependencies: ["CSQLite"]),  // databases: connection, statement, row
        .target(name: "Secrets", dependencies: ["CSodium"]),  // hashes, signatures, keys, encryption
        .target(name: "HTTP", dependencies: ["CCurl", "Secrets"]),  // everything that goes out, hardened once
        .target(name: "XML", dependencies: ["CXML"]),  // elements, without entities and within limits
        .target(name: "WebServer", dependencies: ["CMicroHTTPD", "Machine"]),  // everything that comes in over HTTP
        .target(name: "Machine"),  // the operating system: files, locks, terminal, local time

        // Facts.
        .target(name: "Entries"),  // the vocabulary: what can have happened. Read this first
        .target(name: "Ledger", dependencies: ["Entries", "SQLite", "Secrets", "Machine"]),  // the log
        .target(name: "Vault", dependencies: ["SQLite", "Secrets", "Machine"]),  // passwords and tokens, encrypted

        // Texts and opinions: pure, and known to nobody but those who ask.
        .target(name: "ICalendar"),  // calendars and address books as text, recurrence, time zones
        .target(name: "Matching"),  // which person an address is, by which rule, how surely

        .target(name: "Schedule"),  // when something is due, from when it was done last

        // What is posted from the facts, and can be posted again.
        .target(
            name: "Projections", dependencies: ["Entries", "Ledger", "SQLite", "Secrets", "Machine"],
            resources: projections.map { .embedInCode("../../projections/\($0).sql") }),

        // Calendars elsewhere, and the stages that make entries of them.
        .target(name: "Providers", dependencies: ["Entries", "HTTP", "ICalendar", "Machine", "Secrets", "XML"]),
        .target(
            name: "Sync",
            dependencies: [
                "Entries", "HTTP", "ICalendar", "Ledger", "Machine", "Matching", "Projections", "Providers", "SQLite",
                "Schedule", "Secrets",
            ]),

        // The API of the program: requests, answers, and what they do to a home.
        .target(
            name: "Application",
            dependencies: [
                "Entries", "HTTP", "ICalendar", "Ledger", "Machine", "Matching", "Projections", "Providers", "SQLite",
                "Schedule", "Secrets", "Sync", "Vault",
            ]),

        // The home in the background: the schedule, the socket, HTTP.
        .target(
            name: "Service",
            dependencies: [
                "Application", "Entries", "HTTP", "Ledger", "Machine", "Projections", "Providers", "SQLite", "Schedule",
                "Secrets", "Sync", "Vault", "WebServer",
            ]),

        // The command line: the reader of arguments, and one file a verb.
        .target(name: "Arguments"),
        .executableTarget(
            name: "Command",
            dependencies: ["Application", "Arguments", "Entries", "Machine", "Secrets", "Service"]),

        // For those who work on it: believable entries from a seed, and the figures.
        .target(
            name: "Rehearsal", dependencies: ["Entries", "Ledger", "Secrets", "Machine"], path: "tools/rehearsal"),
        .target(name: "Children", path: "tools/children"),  // processes that run beside a test
        .target(name: "Neighbours", dependencies: ["Children"], path: "tools/neighbours"),  // servers that do
        .executableTarget(
            name: "Bench",
            dependencies: ["Rehearsal", "Entries", "Ledger", "Projections", "SQLite", "Secrets", "Machine"],
            path: "tools/bench/program"),

        .target(
            name: "Simulation",
            dependencies: [
                "Application", "Entries", "HTTP", "Machine", "Projections", "Rehearsal", "SQLite", "Secrets", "Sync",
            ], path: "tools/simulation/world"),  // the service with a clock, a network and chance that are handed in
        .executableTarget(
            name: "simulate", dependencies: ["Application", "Simulation"], path: "tools/simulation/program"),

        .executableTarget(
            name: "BenchHomes",
            dependencies: ["Application", "Entries", "Machine", "Rehearsal", "Secrets", "Sync"],
            path: "tools/bench/homes"),
        .executableTarget(
            name: "CalendarBench", dependencies: ["ICalendar", "Matching"], path: "tools/bench/calendars"),

        .testTarget(name: "SQLiteTests", dependencies: ["Children", "SQLite", "Machine"]),
        .testTarget(name: "SecretsTests", dependencies: ["Secrets"]),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP", "Machine", "Neighbours", "Secrets"]),
        .testTarget(name: "WebServerTests", dependencies: ["WebServer", "Machine"]),
        .testTarget(name: "XMLTests", dependencies: ["XML"]),
        .testTarget(name: "VaultTests", dependencies: ["Vault", "Machine", "SQLite", "Secrets"]),
        .testTarget(name: "MachineTests", dependencies: ["Machine"]),
        .testTarget(name: "EntriesTests", dependencies: ["Entries", "Rehearsal"]),
        .testTarget(
            name: "LedgerTests",
            dependencies: ["Ledger", "Children", "Entries", "SQLite", "Secrets", "Machine", "Rehearsal"]),
        .testTarget(
            name: "ProjectionsTests",
            dependencies: ["Projections", "Ledger", "Entries", "SQLite", "Secrets", "Machine", "Rehearsal"]),
        .testTarget(name: "SimulationTests", dependencies: ["Simulation"]),
        .testTarget(name: "ScheduleTests", dependencies: ["Schedule"]),
        .testTarget(name: "ICalendarTests", dependencies: ["Children", "ICalendar"]),
        .testTarget(name: "MatchingTests", dependencies: ["Children", "Matching"]),
        .testTarget(
            name: "ProvidersTests",
            dependencies: ["Providers", "Entries", "HTTP", "ICalendar", "Machine", "Neighbours", "Secrets", "XML"]),
        .testTarget(
            name: "SyncTests",
            dependencies: [
                "Sync", "Providers", "Entries", "ICalendar", "Ledger", "Machine", "Matching", "Projections",
                "Rehearsal",
                "SQLite", "Secrets",
            ]),
        .testTarget(name: "ArgumentsTests", dependencies: ["Children", "Arguments"]),
        .testTarget(
            name: "ApplicationTests",
            dependencies: [
                "Application", "Children", "Entries", "HTTP", "ICalendar", "Ledger", "Machine", "Matching",
                "Projections",
                "Providers",
                "Rehearsal",
                "SQLite", "Schedule", "Secrets", "Sync", "Vault",
            ]),
        .testTarget(
            name: "ContractTests",
            dependencies: [
                "Application", "Entries", "HTTP", "ICalendar", "Ledger", "Machine", "Neighbours", "Projections",
                "Providers",
                "Rehearsal", "SQLite", "Secrets", "Sync", "Vault",
            ]),
        .testTarget(
            name: "ServiceTests",
            dependencies: [
                "Service", "Application", "Entries", "HTTP", "ICalendar", "Ledger", "Machine", "Neighbours",
                "Projections", "Providers", "Rehearsal", "SQLite", "Schedule", "Secrets", "Sync", "Vault", "WebServer",
            ]),
        .testTarget(
            name: "CommandTests", dependencies: ["Command", "Bench", "Children", "Entries", "Machine", "Rehearsal"]),
    ],
    swiftLanguageModes: [.v6]
)

/// The views, one SQL file each.
var projections: [String] {
    [
        "access", "activity", "address", "conflict", "entry_index", "hook", "job_queue", "meeting", "metrics", "person",
        "progress",
        "series",
        "setting",
        "sync_status", "user", "watch",
    ]
}

// DAYBOOK_TESTS=SyncTests,HTTPTests builds those tests alone, which takes a part of the time.
if let wanted = Context.environment["DAYBOOK_TESTS"] {
    let names = wanted.split(separator: ",").map(String.init)
    package.targets.removeAll { $0.type == .test && !names.contains($0.name) }
}

for target in package.targets where target.type != .system {
    let isWrapper = ["SQLite", "Secrets", "HTTP", "WebServer", "XML", "Machine"].contains(target.name)
    target.swiftSettings =
        [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("ImmutableWeakCaptures"),
            .enableUpcomingFeature("InferIsolatedConformances"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            .treatAllWarnings(as: .error),
        ] + (isWrapper ? [] : [.strictMemorySafety()])
}
