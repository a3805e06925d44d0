import Application
import Arguments

enum LogMeetingVerb {
    private static let meeting = Positional(
        "MEETING", .text, "Its title, a part of it, or the beginning of its id; of several with one title the last.")
    private static let force = Flag("force", "Log it although it is not over yet.")
    private static let person = Option.repeated(
        "person", short: "p", .text.named("NAME"), "Only with this person, who is matched in it.")

    static let verb: Verb<Act> = Verb(
        "log-meeting", "Log one meeting as an activity, with everybody in it whom you know.",
        discussion: """
            The rules that keep a run from logging a meeting do not count here: a whole day, a focus time, one that you \
            declined. A meeting that was cancelled, is private, or is in no calendar any more is not logged.
            """,
        examples: [
            Example("daybook log-meeting \"Planning with Jane\"", "The last one of that title."),
            Example("daybook log-meeting Planning --person Jane", "Only with Jane."),
            Example("daybook log-meeting Lunch --force", "Although it is not over."),
        ],
        arguments: [meeting, force, person]
    ) { given, console in
        var request = LogMeetingRequest(user: console.user, meeting: given[meeting])
        request.isForced = given[force]
        request.people = given[person]
        let answer = try console.ask(request)
        if console.isJSON {
            try console.document("meeting_logged", answer)
            return ExitStatus.ok
        }
        let count = Amounts.count(Int64(answer.activities.count), "activity", "activities")
        try console.line(Visible.text("Logged “\(answer.title ?? "(No title)")”: \(count)."))
        var table = Table([
            .init(heading: "with"), .init(heading: "by"), .init(heading: "id", isFixed: true), .init(heading: ""),
        ])
        for activity in answer.activities {
            table.add([
                activity.personName ?? "somebody", FollowedText.rule(activity.rule, activity.confidence),
                String(activity.activity.prefix(8)), activity.isRestored ? "was retracted, and holds again" : "",
            ])
        }
        try console.table(table)
        return ExitStatus.ok
    }
}
