import Application
import Arguments

enum StatusVerb {
    static let verb: Verb<Act> = Verb(
        "status", "Show how the readings stand, and what waits for you.",
        discussion: """
            Nothing is called healthy whose last reading failed, or that was not really read lately: after two readings \
            that should have been and were not, a connection is stale. After three failures in a row a connection is \
            left alone for two hours, after six in a day for a day; reading it by hand is possible all the while.
            """,
        examples: [Example("daybook status", "Is everything read, and is anything to do?")],
        exits: [ExitCode(ExitStatus.incomplete, "Something needs a look.")]
    ) { _, console in
        let status = try console.ask(StatusRequest(user: console.user))
        if console.isJSON { try console.document("status", status) } else { try show(status, console) }
        return status.needsLook ? ExitStatus.incomplete : ExitStatus.ok
    }

    private static func show(_ status: StatusRequest.Status, _ console: Console) throws {
        if status.sources.isEmpty {
            try console.line("Nothing is connected.")
            console.note("  → daybook connect --help says what can be connected")
        } else {
            try table(status, console)
            for source in status.sources { troubles(source, status, console) }
            try console.line()
        }
        try console.facts([
            ("meetings that wait to be logged", Amounts.grouped(status.waiting)),
            ("suggestions that wait for you", Amounts.grouped(status.suggestions)),
            ("items that cannot be read", Amounts.grouped(Int64(status.unreadable.count))),
        ])
        for item in status.unreadable {
            let what = item.title ?? item.path ?? "entry \(item.position)"
            console.note(
                "  → \(Visible.text(item.calendarName ?? "(no name)")), \(Visible.text(what)): "
                    + Visible.text(item.message ?? item.problem))
        }
        if status.waiting > 0 { console.note("  → daybook sync") }
        if status.suggestions > 0 { console.note("  → daybook suggestions") }
    }

    private static func table(_ status: StatusRequest.Status, _ console: Console) throws {
        let times = UserTimes(status.userZone)
        var table = Table([
            .init(heading: "what"), .init(heading: "health") { $1 == "healthy" ? $0.good($1) : $0.warning($1) },
            .init(heading: "freshness") { $1 == "stale" ? $0.warning($1) : $1 },
            times.column("last success", of: [status.at]), .times("next", ""), .init(heading: "last reading", spare: 1),
        ])
        for source in status.sources {
            // The one calendar of a connection that has its name says nothing more.
            let isAlone = source.calendars.count == 1 && source.calendars[0].name == source.name
            let kind = source.subject == "people" ? " (people)" : ""
            table.add(
                [source.name + kind, source.state.rawValue, source.freshness] + cells(source.reading, status, times))
            for calendar in source.calendars where !isAlone {
                let freshness = calendar.isChosen ? calendar.freshness : "not chosen"
                table.add(["  " + calendar.name, "", freshness] + cells(calendar.reading, status, times))
            }
        }
        try console.table(table)
    }

    private static func cells(
        _ reading: StatusRequest.Reading, _ status: StatusRequest.Status, _ times: UserTimes
    ) -> [String] {
        let success = reading.lastSuccess.map { "\(times.text($0)), \(UserTimes.age($0, at: status.at))" } ?? "never"
        let next = reading.nextDue.map { $0 <= status.at ? "now" : times.text($0) } ?? "–"
        var counts: [String] = []
        for (count, word) in [
            (reading.created, "new"), (reading.updated, "changed"), (reading.deleted, "withdrawn"),
            (reading.unchanged, "unchanged"), (reading.quarantined, "unreadable"),
        ] where count > 0 { counts.append("\(Amounts.grouped(count)) \(word)") }
        return [success, next, counts.isEmpty ? "–" : counts.joined(separator: ", ")]
    }

    /// A grant that ends within three days is told of.
    private static let soon: Int64 = 3 * 86_400_000

    /// What is wrong, and what helps.
    private static func troubles(_ source: StatusRequest.Source, _ status: StatusRequest.Status, _ console: Console) {
        if source.freshness == "stale", let reason = source.reason {
            console.note("\(console.style.warning("[STALE]")) \(Visible.text(source.name)): \(reason)")
        }
        if let until = source.restsUntil {
            let times = UserTimes(status.userZone)
            let after = source.restsAfter.map { " after \(Amounts.count($0, "failure"))" } ?? ""
            console.note(
                "\(console.style.warning("[PAUSED]")) \(Visible.text(source.name)) is not read by itself until "
                    + "\(times.text(until)) \(times.zone([until]))\(after).")
            console.note("  → To read it now: daybook sync --connection \(source.connection.prefix(8))")
        }
        if let end = source.grantExpires, end - status.at < soon {
            let times = UserTimes(status.userZone)
            let what = end > status.at ? "must be connected again by" : "had to be connected again by"
            console.note(
                "\(console.style.warning("[SOON]")) \(Visible.text(source.name)) \(what) \(times.text(end)) "
                    + "\(times.zone([end])): its grant ends then.")
            console.note("  → daybook connections reconnect \(source.connection.prefix(8))")
        }
        let pushed = source.calendars.filter { $0.push == .pushed }.count
        if pushed > 0 {
            let which = pushed == source.calendars.filter(\.isChosen).count ? "" : "\(pushed) of its calendars: "
            console.note("\(Visible.text(source.name)): \(which)pushed, so changes are seen within a minute or two.")
        }
        for calendar in source.calendars {
            guard let reason = calendar.pushReason else { continue }
            console.note(
                "\(console.style.warning("[POLLED]")) \(Visible.text(CalendarName.text(calendar.name, of: source.name))) is only "
                    + "read at its times: \(Visible.text(reason))")
        }
        var said: Set<String> = []
        let readings =
            source.calendars.filter(\.isChosen).map { (CalendarName.text($0.name, of: source.name), $0.reading) } + [
                (source.name, source.reading)
            ]
        for (name, reading) in readings {
            if let errorClass = reading.errorClass {
                let message = reading.message ?? "\(errorClass) \(reading.errorCode ?? "")"
                guard said.insert(message).inserted else { continue }
                let times = reading.failures > 1 ? ", \(reading.failures) times in a row" : ""
                console.note(
                    "\(console.style.bad("[ERROR]")) \(Visible.text(name)) (\(errorClass)\(times)): \(Visible.text(message))"
                )
                if let advice = reading.advice { console.note("  → \(advice)") }
            }
            if let known = reading.suspectedKnown, let found = reading.suspectedFound {
                console.note(
                    "\(console.style.warning("[SKIP]")) \(Visible.text(name)): only \(found) of \(known) known are there, "
                        + "so nothing was applied.")
                console.note("  → If that is right: daybook sync --confirm \(source.connection.prefix(8))")
            }
        }
    }
}
