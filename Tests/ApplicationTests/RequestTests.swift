import Entries
import Ledger
import Machine
import Secrets
import Testing

@testable import Application

/// What each request answers, and what it refuses.
@Suite struct RequestTests {
    private func item(
        _ type: String = "user.changed", _ data: String = #"{"user":"u"}"#, personal: String? = nil,
        owner: String? = nil, cause: Int64? = nil, key: String? = nil, version: Int64? = nil
    ) -> AppendRequest.Item {
        AppendRequest.Item(
            type: type, stream: "user/u", owner: owner, actor: nil, cause: cause, key: key, expectedVersion: version,
            data: data, personal: personal)
    }

    // MARK: append

    @Test func `append answers where the entries stand`() throws {
        let home = try RunningHome()
        let answers = try home.ask(AppendRequest(items: [item(), item(personal: #"{"name":"Bea"}"#)]))
        #expect(answers.map(\.position) == [3, 4])
        #expect(answers.map(\.version) == [1, 2])
        #expect(answers.map(\.isRepeated) == [false, false])
        let entries = try home.ask(LogRequest()).entries
        #expect(entries.map(\.hash)[2...] == answers.map(\.hash)[...])
        #expect(entries[3].personal == #"{"name":"Bea"}"#)
        #expect(entries[3].owner == home.made.user)
        #expect(entries[3].actor == "command-line")
    }

    @Test func `append with a key is done once`() throws {
        let home = try RunningHome()
        let first = try home.ask(AppendRequest(items: [item(key: "0a0b")]))
        let again = try home.ask(AppendRequest(items: [item(key: "0a0b")]))
        #expect(again[0].position == first[0].position)
        #expect(again[0].hash == first[0].hash)
        #expect(again[0].isRepeated)
        #expect(try home.ask(LogRequest()).entries.count == 3)
    }

    static let refused: [(what: String, kind: Refusal.Kind, says: String)] = [
        ("an unknown type", .badRequest, "user.teleported"), ("an unknown field", .badRequest, "nmae"),
        ("a missing field", .badRequest, "user is missing"), ("a wrong kind", .badRequest, "user should be a text"),
        ("no JSON", .badRequest, "user.changed"), ("a key that is none", .badRequest, "“xyz” is not hexadecimal"),
        ("an empty key", .badRequest, "not hexadecimal"), ("a cause to come", .conflict, "entry 99"),
        ("another version", .conflict, "version"), ("a key that is taken", .conflict, "same key"),
        ("an unknown word", .badRequest, "role should be one of"), ("a personal field in data", .badRequest, "name"),
    ]

    @Test(arguments: refused.map(\.what))
    func `append refuses what is not right, and then nothing of the request is written`(_ what: String) throws {
        let home = try RunningHome()
        _ = try home.ask(AppendRequest(items: [item(key: "0a")]))
        let bad =
            switch what {
            case "an unknown type": item("user.teleported")
            case "an unknown field": item("user.changed", #"{"user":"u"}"#, personal: #"{"nmae":"Bea"}"#)
            case "a missing field": item("user.changed", "{}")
            case "a wrong kind": item("user.changed", #"{"user":5}"#)
            case "no JSON": item("user.changed", "{")
            case "a key that is none": item(key: "xyz")
            case "an empty key": item(key: "")
            case "a cause to come": item(cause: 99)
            case "another version": item(version: 7)
            case "a key that is taken": item("user.changed", #"{"user":"v"}"#, key: "0a")
            case "an unknown word": item("user.changed", #"{"user":"u","role":"emperor"}"#)
            default: item("user.changed", #"{"user":"u","name":"Bea"}"#)
            }
        let refusal = try #require(home.refusal(AppendRequest(items: [item(), bad])))
        let wanted = try #require(Self.refused.first { $0.what == what })
        #expect(refusal.kind == wanted.kind)
        #expect(refusal.message.contains(wanted.says), "\(refusal)")
        #expect(!refusal.description.contains("Bea"))
        #expect(try home.ask(LogRequest()).entries.count == 3)
    }

    // MARK: log

    /// Two entries of the home, and twelve of two users and of nobody.
    private func full() throws -> RunningHome {
        let home = try RunningHome()
        var bea = UserAdded()
        (bea.user, bea.name) = ("bea", "Bea")
        var changed = UserChanged()
        changed.user = "x"
        _ = try home.door.open { open in
            try open.append([Draft(bea, stream: "user/bea", owner: "bea", actor: "test")])
            for index in 0..<10 {
                let owner = index < 5 ? home.made.user : "bea"
                try open.append([Draft(changed, stream: "user/x\(index % 2)", owner: owner, actor: "test")])
            }
            try open.append([Draft(SettingChanged(), stream: "home", owner: Draft.home, actor: "test")])
        }
        return home
    }

    private func positions(_ home: RunningHome, _ change: (inout LogRequest) -> Void) throws -> [Int64] {
        var request = LogRequest()
        change(&request)
        return try home.ask(request).entries.map(\.position)
    }

    @Test func `log filters by type, owner, stream and time`() throws {
        let home = try full()
        #expect(try positions(home) { _ in } == Array(1...14))
        #expect(try positions(home) { $0.types = ["user.added", "setting.changed"] } == [2, 3, 14])
        #expect(try positions(home) { $0.owner = "Bea" } == [3, 9, 10, 11, 12, 13])
        #expect(try positions(home) { $0.owner = "bea" } == [3, 9, 10, 11, 12, 13])
        #expect(try positions(home) { $0.owner = "home" } == [1, 14])
        #expect(try positions(home) { $0.stream = "user/x1" } == [5, 7, 9, 11, 13])
        #expect(try positions(home) { $0.stream = "user/nobody" } == [])
        let at = try home.ask(LogRequest()).entries.map(\.at)
        #expect(try positions(home) { $0.since = at[9] } == Array(10...14))
        #expect(try positions(home) { ($0.since, $0.until) = (at[4], at[6]) } == [5, 6])
        #expect(try positions(home) { ($0.since, $0.types) = (at[4], ["user.added"]) } == [])
        #expect(try positions(home) { ($0.owner, $0.stream) = ("Bea", "user/x1") } == [9, 11, 13])
        #expect(try positions(home) { ($0.owner, $0.types, $0.until) = ("Bea", ["user.changed"], at[10]) } == [9, 10])
    }

    @Test(arguments: [0, 1, 3, 14, 15] as [Int64], [true, false])
    func `log hands over pages that together are the whole`(_ limit: Int64, _ isBackwards: Bool) throws {
        let home = try full()
        for owner in [nil, "Bea"] {
            let whole = try positions(home) { ($0.owner, $0.isBackwards) = (owner, isBackwards) }
            var pages: [Int64] = []
            var request = LogRequest()
            (request.owner, request.isBackwards, request.limit) = (owner, isBackwards, limit)
            let open = try OpenHome(home.folder, home.options)
            while true {
                let page = try request.answer(in: open)
                #expect(Int64(page.entries.count) <= max(limit, 1))
                pages += page.entries.map(\.position)
                guard let next = page.next else { break }
                request.from = next
            }
            #expect(pages == whole)
            #expect(pages == pages.sorted { isBackwards ? $0 > $1 : $0 < $1 })
        }
    }

    @Test func `log refuses a type and a user that there are not, and a name that two have`() throws {
        let home = try full()
        var request = LogRequest()
        request.types = ["user.aded"]
        #expect(home.refusal(request)?.kind == .badRequest)
        request = LogRequest()
        request.owner = "Carla"
        #expect(home.refusal(request)?.kind == .notFound)
        try home.write(UserAdded(), owner: "bea2") { ($0.user, $0.name) = ("bea2", "Bea") }
        request.owner = "Bea"
        let refusal = try #require(home.refusal(request))
        #expect(refusal.kind == .badRequest)
        #expect(refusal.message.contains("2 users"))
        request.owner = "bea2"
        #expect(try home.ask(request).entries.count == 1)
    }

    // MARK: Several users

    @Test func `what an entry belongs to must be said once there are several users`() throws {
        let home = try full()
        let refusal = try #require(home.refusal(AppendRequest(items: [item()])))
        #expect(refusal.kind == .badRequest)
        #expect(refusal.message.contains("several users"))
        #expect(try home.ask(AppendRequest(items: [item(owner: "bea")])).count == 1)
        try home.write(UserRemoved(), owner: "bea") { $0.user = "bea" }
        #expect(try home.ask(AppendRequest(items: [item()])).count == 1)
        try home.write(UserRemoved()) { $0.user = home.made.user }
        #expect(home.refusal(AppendRequest(items: [item()]))?.message.contains("no user") == true)
    }

    // MARK: show

    @Test func `E03 show tells what led to an entry and what it led to`() throws {
        let home = try RunningHome()
        for (index, cause) in [2, 3, 4, 3].enumerated() {
            try home.write(UserChanged(), cause: Int64(cause)) { $0.user = "x\(index)" }
        }
        let shown = try home.ask(ShowRequest(position: 4))
        #expect(shown.causes.map(\.position) == [1, 2, 3])
        #expect(shown.effects.map(\.entry.position) == [5])
        let first = try home.ask(ShowRequest(position: 1))
        #expect(first.causes.isEmpty)
        #expect(first.effects.map(\.entry.position) == [2])
        #expect(first.effects[0].effects.map(\.entry.position) == [3])
        #expect(first.effects[0].effects[0].effects.map(\.entry.position) == [4, 6])
        #expect(!first.isCut)
    }

    @Test(arguments: [0, 3, -1, .max] as [Int64])
    func `show, prove and erase refuse an entry that there is not`(_ position: Int64) throws {
        let home = try RunningHome()
        let refusals = [
            home.refusal(ShowRequest(position: position)),
            home.refusal(ProveRequest(position: position, withPersonal: false)),
            home.refusal(EraseRequest(positions: [2, position], reason: .request, note: nil)),
        ]
        for refusal in refusals {
            #expect(refusal?.kind == .notFound)
            #expect(refusal?.message.contains("the last is 2") == true, "\(refusal?.message ?? "")")
        }
        #expect(try home.ask(LogRequest()).entries[1].personal != nil)
    }

    @Test func `show ends somewhere, also where an entry led to hundreds`() throws {
        let home = try RunningHome()
        try home.append(
            (0..<300).map { _ in Draft(FeedClosed(), stream: "feed/f", owner: "u", actor: "test", cause: 2) })
        let shown = try home.ask(ShowRequest(position: 2))
        #expect(shown.effects.count == 200)
        #expect(shown.isCut)
    }

    // MARK: verify, checkpoint, prove

    @Test func `verify finds everything as it was written`() throws {
        let home = try full()
        let verified = try home.ask(VerifyRequest(kept: [], withViews: true))
        #expect(verified.isIntact)
        #expect(verified.entries == 14)
        #expect(verified.findings == [])
        #expect(verified.checkpoints == 1)
        #expect(verified.views.count > 10 && verified.views.allSatisfy(\.isEqual))
        #expect(try home.ask(VerifyRequest(kept: [], withViews: false)).views.isEmpty)
    }

    @Test func `a checkpoint that was kept agrees later, and finds a ledger that is shorter`() throws {
        let home = try full()
        let kept = try home.ask(CheckpointRequest(accepts: false, note: nil))
        #expect(kept.size == 14)
        #expect(kept.position == 15)
        try home.write(UserChanged())
        let witness = VerifyRequest.Kept(note: kept.note, name: "kept.note")
        let good = try home.ask(VerifyRequest(kept: [witness], withViews: false))
        #expect(good.isIntact)
        #expect(good.checkpoints == 3)
    }

    @Test func `a checkpoint is written down once where nothing has changed`() throws {
        let home = try RunningHome()
        let first = try home.ask(CheckpointRequest(accepts: false, note: nil))
        let again = try home.ask(CheckpointRequest(accepts: false, note: nil))
        #expect(first.position == 3)
        #expect(again.position == nil)
        #expect(again.note == first.note)
        #expect(try home.ask(LogRequest()).entries.count == 3)
    }

    @Test func `verify refuses what is no checkpoint of this ledger`() throws {
        let home = try RunningHome()
        let other = try RunningHome(seed: 2)
        let foreign = try other.ask(CheckpointRequest(accepts: false, note: nil)).note
        let own = try home.ask(CheckpointRequest(accepts: false, note: nil)).note
        for (note, says) in [
            ("rubbish", "is no checkpoint"), (foreign, "another ledger"),
            (own.split(separator: "\n2\n").joined(separator: "\n1\n"), "not signed"),
        ] {
            let refusal = try #require(
                home.refusal(VerifyRequest(kept: [.init(note: note, name: "kept.note")], withViews: false)))
            #expect(refusal.kind == .badRequest)
            #expect(refusal.message.contains(says), "\(refusal)")
            #expect(refusal.message.contains("kept.note"))
        }
    }

    @Test func `a proof holds for who has nothing else, with and without what is personal`() throws {
        let home = try RunningHome()
        for withPersonal in [true, false] {
            let proof = try home.ask(ProveRequest(position: 2, withPersonal: withPersonal))
            let text = try proof.fileText()
            #expect(text.contains("Ada") == withPersonal)
            let shown = try Proof(fileText: text).check(trusting: home.made.verifierKey)
            #expect(shown.position == 2)
            #expect(shown.keyIsTrusted)
            #expect(try !Proof(fileText: text).check(trusting: nil).keyIsTrusted)
        }
    }

    // MARK: rebuild, look back

    @Test func `rebuild posts all or some, and compares without a change`() throws {
        let home = try full()
        let all = try home.ask(RebuildRequest(only: [], verifies: false))
        #expect(all.position == 14)
        #expect(all.projections.contains("metrics"))
        #expect(try home.ask(RebuildRequest(only: ["metrics"], verifies: false)).projections == ["metrics"])
        let compared = try home.ask(RebuildRequest(only: ["metrics"], verifies: true))
        #expect(compared.isEqual)
        #expect(Set(compared.comparisons.map(\.table)) == ["metric", "run"])
        let refusal = try #require(home.refusal(RebuildRequest(only: ["metricks"], verifies: false)))
        #expect(refusal.kind == .badRequest)
        #expect(refusal.hint?.contains("metrics") == true)
    }

    @Test func `E03 a look back goes to a position or an instant, into a file of its own`() throws {
        let home = try full()
        let at = try home.ask(LogRequest()).entries.map(\.at)
        func look(_ position: Int64?, _ instant: Int64?, _ name: String) throws -> Int64 {
            try home.ask(LookBackRequest(position: position, instant: instant, path: home.path(name))).position
        }
        #expect(try look(5, nil, "a") == 5)
        #expect(try look(0, nil, "b") == 0)
        #expect(try look(nil, at[6], "c") == 7)
        #expect(try look(nil, at[6] - 1, "d") == 6)
        #expect(try look(nil, at[0] - 1, "e") == 0)
        #expect(try look(nil, nil, "f") == 14)
        #expect(home.refusal(LookBackRequest(position: 5, instant: nil, path: home.path("a")))?.kind == .conflict)
        #expect(home.refusal(LookBackRequest(position: 15, instant: nil, path: home.path("g")))?.kind == .notFound)
        #expect(!Folder.exists(home.path("g")))
    }

    @Test func `projections from a folder lie over those of the program, and a fault in one is told`()
        throws
    {
        let home = try RunningHome()
        try Folder.create(home.path("mine"))
        home.options.projections = home.path("mine")
        #expect(home.refusal(RebuildRequest(only: [], verifies: false))?.kind == .badRequest)
        try write("-- Who?\n\n-- schema\nCREATE TABLE one (id INTEGER PRIMARY KEY);", to: home.path("mine/one.sql"))
        let refusal = try #require(home.refusal(RebuildRequest(only: [], verifies: false)))
        #expect(refusal.kind == .badRequest)
        #expect(refusal.message.contains("one.sql, line 4"), "\(refusal)")
        try write(
            "-- Who?\n\n-- schema\nCREATE TABLE one (id INTEGER PRIMARY KEY) STRICT;\n\n-- on every entry\nINSERT INTO one (id) VALUES (:position);",
            to: home.path("mine/one.sql"))
        let names = try home.ask(RebuildRequest(only: [], verifies: false)).projections
        #expect(names.contains("one") && names.contains("metrics"))
        try write("-- Who?\n\n-- schema\nCREATE TABLE job (id INTEGER PRIMARY KEY);", to: home.path("mine/user.sql"))
        let edited = try #require(home.refusal(RebuildRequest(only: [], verifies: false)))
        #expect(edited.message.contains("user.sql, line 4"), "the file lies over that of the program: \(edited)")
    }
}
