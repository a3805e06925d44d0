import Application
import Arguments

enum PersonVerb {
    private static let name = Positional(
        "NAME", .text, "A name or a part of it, an address, or the beginning of an id.")

    static let verb: Verb<Act> = Verb(
        "person", "Show a person: addresses, meetings, and how often you meet.",
        examples: [
            Example("daybook person ada", "Ada, if there is one."),
            Example("daybook person bea@brandt.example", "Whoever has this address."),
        ],
        arguments: [name]
    ) { given, console in
        let shown = try console.ask(PersonRequest(user: console.user, person: given[name]))
        if console.isJSON { try console.document("person", shown) } else { try show(shown, console) }
        return ExitStatus.ok
    }

    private static func show(_ shown: PersonRequest.Shown, _ console: Console) throws {
        let times = UserTimes(shown.userZone)
        try console.line(console.style.bold(Visible.text(shown.name ?? "(No name)")))
        var facts: [(String, String)] = []
        if let organization = shown.organization { facts.append(("organisation", organization)) }
        if !shown.otherNames.isEmpty { facts.append(("also called", shown.otherNames.joined(separator: ", "))) }
        for address in shown.addresses {
            let by = address.isOfAddressBook ? "" : "  (\(address.rule ?? "matched"))"
            facts.append(("address", (address.email ?? address.name ?? "(erased)") + by))
        }
        if !shown.phones.isEmpty { facts.append(("phone", shown.phones.joined(separator: ", "))) }
        if let note = shown.note { facts.append(("note", note)) }
        facts.append(("from", shown.source))
        facts += met(shown, times)
        facts.append(("id", shown.person))
        try console.facts(facts, indent: "  ")
        try section("to come", shown.upcoming, times, console)
        try section("past meetings", shown.past, times, console)
        guard !shown.activities.isEmpty else { return }
        try console.line()
        let more = shown.activityCount > Int64(shown.activities.count)
        try console.line(console.style.bold("activities") + (more ? " (the last \(shown.activities.count))" : ""))
        try console.table(ActivityAnswer.table(shown.activities, times, withPerson: false))
    }

    private static func met(_ shown: PersonRequest.Shown, _ times: UserTimes) -> [(String, String)] {
        guard let first = shown.firstMet, let last = shown.lastMet else {
            return [("met", "never, as far as is logged")]
        }
        let monthly = Double(Int(shown.monthly * 10)) / 10
        return [
            ("met", "\(Amounts.count(shown.activityCount, "time")), lately \(monthly) a month"),
            ("first met", times.textWithZone(first)), ("last met", times.textWithZone(last)),
        ] + (shown.next.map { [("next", times.textWithZone($0))] } ?? [])
    }

    private static func section(
        _ heading: String, _ meetings: [MeetingAnswer], _ times: UserTimes, _ console: Console
    ) throws {
        if meetings.isEmpty { return }
        try console.line()
        try console.line(console.style.bold(heading))
        try console.table(MeetingAnswer.table(meetings, times, now: []))
    }
}
