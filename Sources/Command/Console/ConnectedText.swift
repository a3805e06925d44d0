import Application

/// A new connection, for people.
enum ConnectedText {
    static func show(_ connected: ConnectedAnswer, _ console: Console) throws {
        let name = Visible.text(connected.name)
        let place = connected.host.map { " at \(Visible.text($0))" } ?? ""
        let email = connected.email.map { " as \(Visible.text($0))" } ?? ""
        if connected.wasConnected {
            let what = connected.isDryRun ? ". Nothing was changed." : "; \(renewed(connected))."
            try console.line("This \(kind(connected)) is connected already, as “\(name)”\(what)")
            ConnectTerms.tell(notApplied: connected.notApplied, of: connected.connection, console)
        } else if connected.isDryRun {
            try console.line("“\(name)”\(place)\(email) can be connected. Nothing was kept.")
        } else {
            try console.line("Connected “\(name)”\(place)\(email).")
        }
        if connected.isPasswordPlain { plainPassword(connected.host, console) }
        if connected.subject == "meetings" { try calendars(connected, console) }
        if let preview = connected.preview { try self.preview(preview, connected, console) }
    }

    static func plainPassword(_ host: String?, _ console: Console) {
        let warning = console.style.warning("[PLAIN]")
        console.note("\(warning) The password goes to \(Visible.text(host ?? "the server")) unencrypted.")
        console.note("  → Give its https address, if it has one; --authorities FILE trusts a certificate of your own.")
    }

    private static func kind(_ connected: ConnectedAnswer) -> String {
        if connected.provider == "feed" { return "feed" }
        return connected.subject == "people" ? "address book" : "account"
    }

    private static func renewed(_ connected: ConnectedAnswer) -> String {
        switch connected.provider {
        case "google", "microsoft": "its grant was renewed"
        case "feed": "its address was kept anew"
        default: "its password was renewed"
        }
    }

    private static func calendars(_ connected: ConnectedAnswer, _ console: Console) throws {
        var table = Table([
            .init(heading: "calendar"), .init(heading: connected.isDryRun ? "would be read" : "is read"),
            .init(heading: ""),
        ])
        for calendar in connected.calendars {
            var remarks: [String] = []
            if calendar.isPrimary { remarks.append("the main one") }
            if calendar.isSubscribed { remarks.append("published by others") }
            if calendar.access == "busy_only" { remarks.append("shows only when it is busy") }
            table.add([calendar.name, calendar.isChosen ? "yes" : "no", remarks.joined(separator: ", ")])
        }
        try console.table(table)
        if !connected.isDryRun, connected.calendars.contains(where: { !$0.isChosen }) {
            console.note("  → To read another: daybook calendars choose NAME")
        }
    }

    private static func preview(
        _ preview: ConnectedAnswer.Preview, _ connected: ConnectedAnswer, _ console: Console
    ) throws {
        try console.line()
        try console.facts([
            ("meetings in its window", Amounts.grouped(preview.meetings)),
            ("would be logged now", Amounts.count(preview.activities, "activity", "activities")),
            ("would be suggested", Amounts.grouped(preview.suggestions)),
        ])
        if preview.alreadyLogged > 0 {
            let count = Amounts.count(preview.alreadyLogged, "activity", "activities")
            console.note("  → \(count) of these meetings \(preview.alreadyLogged == 1 ? "is" : "are") logged already.")
        } else if preview.activities == 0 {
            console.note(
                "  → Only people whom Daybook knows are logged: daybook people import, or daybook connect carddav")
        }
        try logged(preview, console)
    }

    private static func logged(_ preview: ConnectedAnswer.Preview, _ console: Console) throws {
        if preview.logged.isEmpty { return }
        let times = UserTimes(preview.zone)
        var table = Table([
            times.column("when", of: preview.logged.compactMap(\.occurred)),
            .init(heading: "person") { $0.name($1) }, .init(heading: "title"),
        ])
        for activity in preview.logged {
            table.add([
                activity.occurred.map(times.text) ?? "no time", activity.personName ?? "(no name)",
                activity.title ?? "(No title)",
            ])
        }
        try console.line()
        try console.table(table)
        let more = preview.activities - Int64(preview.logged.count)
        if more > 0 { try console.line("… and \(Amounts.grouped(more)) more") }
    }
}
