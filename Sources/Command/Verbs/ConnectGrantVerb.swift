import Application
import Arguments
import Machine
import Secrets

/// Connects accounts of Google and Microsoft, whose owners say yes on a page of theirs.
enum ConnectGrantVerb {
    private static let calendars = Option(
        "calendars", .text.named("NAME,NAME"), "Which calendars to read, by name; else those that the account shows.")
    private static let preview = Flag("preview", "Read everything too, and say what would be logged; nothing is kept.")

    static let google: Verb<Act> = Verb(
        "google", "Connect the calendars of a Google account, or its contacts.",
        discussion: """
            A page opens in the browser, where you say yes to reading and nothing else. On a machine without a browser use \
            --manual: open the page anywhere, and copy back the address to which the browser was sent, although it cannot \
            be shown there. Daybook must be known to Google first; docs/providers.md says how, step by step.
            """,
        examples: [
            Example("daybook connect google", "With the browser of this machine."),
            Example("daybook connect google --manual", "With a browser elsewhere."),
            Example("daybook connect google --contacts", "The people of the account."),
        ],
        arguments: GrantOptions.anywhere + GrantOptions.once + ConnectTerms.all + [calendars, preview],
        exits: ConnectExits.elsewhere
    ) { given, console in try connect("google", given, console) }

    static let microsoft: Verb<Act> = Verb(
        "microsoft", "Connect the calendars of a Microsoft 365 or Outlook account, or its contacts.",
        discussion: """
            A page opens in the browser, where you say yes to reading and nothing else. On a machine without a browser use \
            --device: it shows a code that you type on any other device. Daybook must be known to Microsoft first; \
            docs/providers.md says how, step by step.
            """,
        examples: [
            Example("daybook connect microsoft --device", "With a code, on any device."),
            Example("daybook connect microsoft", "With the browser of this machine."),
        ],
        arguments: GrantOptions.all + GrantOptions.once + ConnectTerms.all + [calendars, preview],
        exits: ConnectExits.elsewhere
    ) { given, console in try connect("microsoft", given, console) }

    private static func connect(_ provider: String, _ given: Given, _ console: Console) throws -> Int32 {
        var wish = GrantSteps.Wish(provider: provider)
        wish.terms = ConnectTerms.read(given)
        wish.isForPeople = given[GrantOptions.contacts]
        wish.calendars = given[calendars].map { $0.split(separator: ",").map { String($0).trimmed } }
        wish.isPreviewed = given[preview]
        guard let connected = try GrantSteps.connect(wish, given, console) else { return ExitStatus.ok }
        let isRead = !wish.isPreviewed && !given[ConnectTerms.noSync]
        return try FirstSync.run(connected, isRead ? connected.connection : nil, console) {
            try ConnectedText.show(connected, console)
        }
    }
}

/// How the word of an account's owner comes here.
enum GrantOptions {
    static let manual = Flag("manual", "The browser runs elsewhere: copy back the address to which it was sent.")
    static let device = Flag("device", "Show a code to be typed on another device (Microsoft).")
    static let begin = Flag("begin", "Only the first step: print the page, and the name of the grant for --finish.")
    static let finish = Option(
        "finish", .text.named("GRANT"), "Only the second step, for the grant of that name; the address is asked for.")
    static let port = Option(
        "port", .integer(in: 1_024...65_535), "The port on which this machine waits for the browser; else any.")
    static let noBrowser = Flag("no-browser", "Only print the page, and do not open it.")

    static let contacts = Flag("contacts", "The contacts of the account, and not its calendars.")

    /// For every grant.
    static let anywhere: [any Handle] = [manual, begin, finish, port, noBrowser]
    /// Where devices get grants too; Google gives them none.
    static let all: [any Handle] = anywhere + [device]
    /// For a new connection.
    static let once: [any Handle] = [contacts]
}

/// The two steps of a grant.
enum GrantSteps {
    struct Wish {
        let provider: String
        var terms = ConnectionTerms()
        var isForPeople = false
        var calendars: [String]?
        var isPreviewed = false
        var reconnecting: String?
        var email: String?

        init(provider: String) { self.provider = provider }
    }

    /// Gives a connection a new grant.
    static func run(
        _ provider: String, reconnecting shown: ConnectionsRequest.Shown, _ given: Given, _ console: Console
    ) throws -> Int32 {
        var wish = Wish(provider: provider)
        wish.reconnecting = shown.connection
        wish.email = shown.email
        wish.isForPeople = shown.subject == "people"
        guard let connected = try connect(wish, given, console) else { return ExitStatus.ok }
        if console.isJSON {
            try console.document("connected", connected)
        } else {
            let found =
                connected.subject == "people" ? "" : ": \(Amounts.count(Int64(connected.calendars.count), "calendar"))"
            try console.line("“\(Visible.text(connected.name))” works again\(found).")
        }
        console.note("  → daybook sync --connection \(shown.connection.prefix(8))")
        return ExitStatus.ok
    }

    /// Nil where only the first step was asked for.
    static func connect(_ wish: Wish, _ given: Given, _ console: Console) throws -> ConnectedAnswer? {
        if let grant = given[GrantOptions.finish] {
            return try finish(grant, wish, try address(console), console)
        }
        // A new connection to Google does not know the option at all.
        let isOfDevice = (wish.provider == "microsoft" || wish.reconnecting != nil) && given[GrantOptions.device]
        let way: BeginGrantRequest.Way =
            isOfDevice
            ? .device : given[GrantOptions.manual] || given[GrantOptions.begin] ? .manual : .loopback
        guard way == .loopback else {
            let begun = try begin(wish, way, redirect: nil, console)
            if given[GrantOptions.begin] {
                try tell(begun, wish, console)
                return nil
            }
            return way == .device
                ? try waitForDevice(begun, wish, console) : try askForAddress(begun, wish, console)
        }
        let listener = try LoopbackListener(port: given[GrantOptions.port] ?? 0, host: host(wish), path: "/")
        let begun = try begin(wish, way, redirect: listener.address, console)
        console.note("Say yes to reading in your browser. If it does not open by itself, open:\n\n  \(begun.page)\n")
        if !given[GrantOptions.noBrowser] { Browser.open(begun.page) }
        let answer = try listener.wait(
            state: begun.state, milliseconds: Int(begun.expires - Moment.now()))
        guard let answer else {
            throw Refusal(
                .failed, "nobody came back from the browser in ten minutes",
                hint: "Begin again; where the browser runs elsewhere, add --manual.")
        }
        return try finish(begun.grant, wish, Confided(.init(answer)), console)
    }

    /// Microsoft knows this machine by its name, and lets the port be any.
    private static func host(_ wish: Wish) -> String { wish.provider == "microsoft" ? "localhost" : "127.0.0.1" }

    private static func begin(
        _ wish: Wish, _ way: BeginGrantRequest.Way, redirect: String?, _ console: Console
    ) throws -> BeginGrantRequest.Answer {
        var request = BeginGrantRequest(user: console.user, provider: wish.provider, way: way)
        request.redirect = redirect ?? "http://\(host(wish))/"
        request.isForPeople = wish.isForPeople
        request.email = wish.email
        return try console.askServer(request)
    }

    private static func finish(_ grant: String, _ wish: Wish, _ answer: Confided?, _ console: Console) throws
        -> ConnectedAnswer
    {
        guard let connected = try ask(grant, wish, answer, console).connected else {
            throw Refusal(.failed, "the grant was not given yet", hint: "Say yes on the page first.")
        }
        return connected
    }

    private static func ask(_ grant: String, _ wish: Wish, _ answer: Confided?, _ console: Console) throws
        -> FinishGrantRequest.Answer
    {
        var request = FinishGrantRequest(user: console.user, grant: grant)
        request.redirected = answer
        request.terms = wish.terms
        request.calendars = wish.calendars
        request.isPreviewed = wish.isPreviewed
        request.reconnecting = wish.reconnecting
        return try console.askServer(request)
    }

    // MARK: By hand

    private static func tell(_ begun: BeginGrantRequest.Answer, _ wish: Wish, _ console: Console) throws {
        if console.isJSON { return try console.document("grant", begun) }
        try console.line(begun.page)
        console.note("Say yes there within ten minutes. Then: daybook connect \(wish.provider) --finish \(begun.grant)")
    }

    private static func askForAddress(_ begun: BeginGrantRequest.Answer, _ wish: Wish, _ console: Console) throws
        -> ConnectedAnswer
    {
        console.note(
            """
            Open this page in any browser, and say yes to reading:

              \(begun.page)

            Then the browser is sent to a page of this machine, which it cannot show. That is as it should be: copy the whole \
            address from its bar and paste it here.
            """)
        while true {
            let answer = try address(console)
            do {
                return try finish(begun.grant, wish, answer, console)
            } catch let refusal as Refusal where refusal.kind == .badRequest && Terminal.isTerminal(.input) {
                // The page waits still.
                console.note("daybook: \(Visible.text(refusal.message))")
            }
        }
    }

    private static func address(_ console: Console) throws -> Confided {
        Confided(try SecretOptions.line("Address: "))
    }

    private static func waitForDevice(_ begun: BeginGrantRequest.Answer, _ wish: Wish, _ console: Console) throws
        -> ConnectedAnswer
    {
        let end = try console.times().time(begun.expires)
        console.note(
            "Open \(begun.page) on any device, and type there:\n\n  \(begun.userCode ?? "")\n\n"
                + "Waiting … (good until \(end), Ctrl-C ends it)")
        var wait = begun.intervalSeconds ?? 5
        while true {
            try Pause.wait(milliseconds: wait * 1_000)
            let answer = try ask(begun.grant, wish, nil, console)
            if let connected = answer.connected { return connected }
            wait = answer.waitSeconds ?? wait
        }
    }
}
