import Application
import Arguments
import Entries

enum JobsVerb {
    private static let named = Positional("JOB", .text.named("JOB"), "The job, as “daybook jobs” lists it.")
    private static let historyOf = Positional.optional(
        "NAME", .text.named("NAME"), "A job, or a connection by its name or id; every job where nothing is said.")
    private static let limit = Option(
        "limit", short: "n", .integer(in: 1...1_000), default: 20, "The last so many runs.")

    static let verb: Verb<Act> = Verb(
        "jobs", "What the service does by itself, and how it goes.",
        discussion: """
            The service (“daybook serve”) does each job at its time. Each can be done by hand as well, as often as you \
            like: what there is to do follows from the ledger, so nothing is done twice.
            """,
        examples: [
            Example("daybook jobs", "Which jobs there are, and when each is done next."),
            Example("daybook jobs run verify", "Do one now."),
            Example("daybook jobs history work", "The last readings of a connection."),
            Example("daybook jobs stop", "Nothing by itself any more, until “daybook jobs start”."),
        ],
        verbs: [run, history, start, stop]
    ) { _, console in
        let jobs = try console.ask(JobsRequest(user: console.user))
        if console.isJSON { try console.document("jobs", jobs) } else { try show(jobs, console) }
        return ExitStatus.ok
    }

    private static func show(_ answer: JobsRequest.Answer, _ console: Console) throws {
        let times = UserTimes(answer.zone)
        var table = Table([
            .init(heading: "job", isFixed: true), times.column("last with work", of: [answer.at]),
            .init(heading: "outcome") { $1 == "failure" ? $0.bad($1) : $1 }, .times("next", ""),
            .init(heading: "what it does", spare: 1),
        ])
        for job in answer.jobs {
            table.add([
                job.name, job.lastStarted.map(times.text) ?? "never", job.lastOutcome ?? "–",
                job.next.map { $0 <= answer.at ? "now" : times.text($0) } ?? "–", "\(job.meaning), \(job.cadence)",
            ])
        }
        try console.table(table)
        if !answer.queue.isEmpty {
            try console.line()
            try console.line(
                Amounts.count(Int64(answer.queue.count), "reading was asked for", "readings were asked for"))
        }
        if !answer.isScheduleOn {
            console.note("Nothing is done by itself: the schedule is off.")
            console.note("  → daybook jobs start")
        }
    }

    private static let run: Verb<Act> = Verb(
        "run", "Do one job now, and wait for it.",
        examples: [Example("daybook jobs run log", "Log what has ended.")],
        arguments: [named], exits: [ExitCode(ExitStatus.failed, "The job failed.")]
    ) { given, console in
        let answer = try console.askServer(RunJobRequest(user: console.user, job: given[named]))
        if console.isJSON { try console.document("job_run", answer) } else { try show(answer, console) }
        return answer.report.outcome == .failure ? ExitStatus.failed : ExitStatus.ok
    }

    private static func show(_ answer: RunJobRequest.Answer, _ console: Console) throws {
        let report = answer.report
        let counts = [
            (report.processed, "looked at"), (report.created, "new"), (report.updated, "changed"),
            (report.deleted, "taken away"),
        ].filter { $0.0 > 0 }.map { "\(Amounts.grouped($0.0)) \($0.1)" }
        let what = counts.isEmpty ? "nothing was to be done" : counts.joined(separator: ", ")
        switch report.outcome {
        case .success: try console.line("\(console.style.good("[OK]")) \(answer.job): \(what)")
        case .failure:
            try console.line(
                "\(console.style.bad("[ERROR]")) \(answer.job): \(Visible.text(report.message ?? "it failed"))")
        case .skipped, .rescheduled:
            try console.line(
                "\(console.style.warning("[SKIP]")) \(answer.job): \(Visible.text(report.message ?? report.reason?.rawValue ?? what))"
            )
        }
    }

    private static let history: Verb<Act> = Verb(
        "history", "The last runs of a job or of a connection, the newest first.",
        examples: [Example("daybook jobs history checkpoint", "When was the ledger signed?")],
        arguments: [historyOf, limit]
    ) { given, console in
        var request = JobHistoryRequest(user: console.user, named: given[historyOf] ?? "")
        request.limit = Int64(given[limit])
        let answer = try console.ask(request)
        if console.isJSON {
            try console.document("job_history", answer)
        } else if answer.runs.isEmpty {
            try console.line("It has never run.")
            if request.named == "fetch" {
                console.note("Readings stand with what is read: daybook jobs history CONNECTION")
            }
        } else {
            try show(answer, console)
        }
        return ExitStatus.ok
    }

    private static func show(_ answer: JobHistoryRequest.Answer, _ console: Console) throws {
        let times = UserTimes(answer.zone)
        var table = Table([
            .init(heading: "#", isNumber: true), times.column("began", of: answer.runs.map(\.started)),
            .init(heading: "job"), .init(heading: "outcome") { $1 == "failure" ? $0.bad($1) : $1 },
            .init(heading: "asked by"),
            .init(heading: "took", isNumber: true), .init(heading: "what", spare: 1),
        ])
        for run in answer.runs {
            let counts = [(run.created, "new"), (run.updated, "changed"), (run.deleted, "withdrawn")]
                .filter { $0.0 > 0 }.map { "\(Amounts.grouped($0.0)) \($0.1)" }
            let error = run.errorClass.map { "\($0) \(run.errorCode ?? ""): \(run.message ?? "")" }
            table.add([
                String(run.position), times.text(run.started),
                answer.name.isEmpty ? run.name.replacing("_", with: "-") : answer.name,
                run.outcome, run.trigger,
                Times.milliseconds(run.milliseconds),
                error ?? run.reason ?? (counts.isEmpty ? "–" : counts.joined(separator: ", ")),
            ])
        }
        try console.table(table)
    }

    private static let start: Verb<Act> = Verb(
        "start", "Let the service do things by itself again.",
        examples: [Example("daybook jobs start", "Takes up what is due.")]
    ) { _, console in try turn(on: true, console) }

    private static let stop: Verb<Act> = Verb(
        "stop", "Let nothing be done by itself, also after a restart.",
        discussion: "What is under way ends. “daybook sync” and “daybook jobs run” work as ever.",
        examples: [Example("daybook jobs stop", "Until “daybook jobs start”.")]
    ) { _, console in try turn(on: false, console) }

    private static func turn(on isOn: Bool, _ console: Console) throws -> Int32 {
        try console.requireAdmin()
        var request = ChangeSettingRequest(user: console.user, setting: "schedule", value: isOn ? "on" : "off")
        request.isHomeWide = true
        let changed = try console.ask(request)
        if console.isJSON {
            try console.document("schedule", ["is_on": isOn])
        } else {
            let state = isOn ? "The schedule is on." : "The schedule is off: nothing is done by itself."
            try console.line(changed.isChanged ? state : "It was so already. \(state)")
        }
        return ExitStatus.ok
    }
}
