import Application
import Entries
import Ledger
import Machine
import Testing
import WebServer

@testable import Service

/// Reading, its frequency and its figures, and the ledger over HTTP.
@Suite struct ReadingRouteTests {
    private let frequency = "/api/admin/sync/frequency"

    private func minutes(_ home: WebHome, of user: String) throws -> Int64? {
        try home.get("/api/v1/connections", as: user)["connections"]?.list.first?["minutes"]?.integer
    }

    @Test func `J06 L50 the frequency is kept, told as it is kept, and has an effect`() throws {
        let home = try WebHome()
        let reply = home.send("POST", frequency, as: "ada", json: #"{"intervalMinutes": 20}"#)
        #expect(reply.status == 200)
        #expect(try reply.json()["intervalMinutes"]?.integer == 20)
        #expect(try home.get(frequency, as: "ada")["intervalMinutes"]?.integer == 20)
        #expect(try minutes(home, of: "bea") == 20)
        #expect(try minutes(home, of: "cy") == 20)
        // Nothing is read for that.
        #expect(try home.get("/api/v1/jobs", as: "ada")["queue"]?.list.isEmpty == true)
    }

    @Test func `J06 what its owner chose stays, also where it was chosen after`() throws {
        let home = try WebHome()
        _ = home.send("PATCH", "/api/v1/connections/connection-bea", json: #"{"minutes": 60}"#)
        _ = home.send("POST", frequency, as: "ada", json: #"{"intervalMinutes": 20}"#)
        #expect(try minutes(home, of: "bea") == 60)
        #expect(try minutes(home, of: "cy") == 20)
        _ = home.send("POST", frequency, as: "ada", json: #"{"intervalMinutes": 15}"#)
        #expect(try minutes(home, of: "bea") == 60)
        #expect(try minutes(home, of: "cy") == 15)
    }

    @Test(arguments: ["4", "1441", "\"20\"", "20.5", "null", "-5"])
    func `J06 A03 a frequency out of its range is refused with its field`(_ value: String) throws {
        let home = try WebHome()
        let reply = home.send("POST", frequency, as: "ada", json: "{\"intervalMinutes\": \(value)}")
        #expect(reply.status == 400)
        #expect(reply.field == "intervalMinutes")
        #expect(try home.get(frequency, as: "ada")["intervalMinutes"]?.integer == 15)
    }

    @Test func `L62 the frequency takes an administrator`() throws {
        let home = try WebHome()
        #expect(home.send("POST", frequency, json: #"{"intervalMinutes": 20}"#).status == 403)
        #expect(home.send("POST", frequency, as: nil, json: #"{"intervalMinutes": 20}"#).status == 401)
        #expect(try minutes(home, of: "bea") == 15)
    }

    // MARK: Reading

    @Test func `F15 a reading is begun for whoever asks, and one that runs is named`() throws {
        let home = try WebHome()
        let begun = home.send("POST", "/api/v1/sync", json: #"{"connection": "connection-bea", "is_full": true}"#)
        #expect(begun.status == 202)
        let run = try begun.json()["runs"]?.list.first?["run"]?.text
        #expect(try home.get("/api/v1/jobs", as: "ada")["queue"]?.list.first?["run"]?.text == run)
        let again = home.send("POST", "/api/v1/sync")
        #expect(again.status == 409)
        #expect(again.code == "already_running")
        #expect(try again.json()["run"]?.text == run)
        #expect(home.send("POST", "/api/v1/sync", json: #"{"is_for_all": true}"#).status == 403)
    }

    @Test func `G01 the figures have the names that were agreed on, and null for what is not known`() throws {
        let home = try WebHome()
        let reply = home.send("GET", "/api/customers/sync/metrics")
        #expect(reply.status == 200)
        #expect(
            Set(try reply.json().members.map(\.name)) == [
                "lastSyncTime", "lastResult", "totalSyncs", "consecutiveFailures", "averageDuration", "health",
                "freshness", "reason",
            ])
        #expect(try reply.json()["lastResult"] == .null)
        #expect(try reply.json()["health"]?.text == "unknown")
        #expect(home.send("GET", "/api/customers/sync/metrics", as: nil).status == 401)
    }

    @Test func `G06 a member sees the figures of the member's own readings`() throws {
        let home = try WebHome()
        try home.settler.write(FetchFinished(), "calendar/calendar-cy", "cy") {
            ($0.reading.connection, $0.reading.calendar, $0.reading.run) = ("connection-cy", "calendar-cy", "r")
            ($0.isComplete, $0.attempts, $0.started) = (true, 1, WebHome.monday)
        }
        let figures = { (who: String) in try home.get("/api/customers/sync/metrics", as: who)["totalSyncs"]?.integer }
        #expect(try figures("bea") == 0)
        #expect(try figures("cy") == 1)
        #expect(try figures("ada") == 1)
        #expect(home.send("GET", "/metrics", as: "ada").text.contains("daybook_"))
    }

    // MARK: The ledger

    @Test func `entries are told in order behind a position, and waited for`() throws {
        let home = try WebHome()
        let page = try home.get("/api/v1/entries?after=2&limit=3", as: "ada")
        #expect(page["entries"]?.list.compactMap { $0["position"]?.integer } == [3, 4, 5])
        #expect(page["next"]?.integer == 5)
        #expect(home.rung.isEmpty)
        let last = try home.home.writer.head.size
        let empty = try home.get("/api/v1/entries?after=\(last)&wait=1", as: "ada")
        #expect(empty["entries"]?.list.isEmpty == true)
        #expect(home.rung == [last])
    }

    @Test func `whoever asks on from next to next has every entry once`() throws {
        let home = try WebHome()
        var (positions, after): ([Int64], Int64?) = ([], 0)
        while let last = after {
            let page = try home.get("/api/v1/entries?after=\(last)&limit=7", as: "ada")
            positions += page["entries"]?.list.compactMap { $0["position"]?.integer } ?? []
            after = page["next"]?.integer
        }
        #expect(positions == Array(1...(try home.home.writer.head.size)))
    }

    @Test func `whoever has seen more than there is hears so, as after a backup was restored`() throws {
        let home = try WebHome()
        let end = try home.home.writer.head.size
        for after in [end + 1, .max] {
            let reply = home.send("GET", "/api/v1/entries?after=\(after)&wait=60", as: "ada")
            #expect(reply.status == 400 && reply.field == "after" && reply.text.contains("ends at entry \(end)"))
        }
        #expect(home.rung.isEmpty)
    }

    @Test func `entries are sent as they come, and from where a browser was cut off`() throws {
        let asked = Guarded<[Int64]>([])
        let home = try WebHome {
            $0.entryStream = { after, _ in
                asked.with { $0.append(after) }
                return ByteStream()
            }
        }
        for headers in [[:], ["Last-Event-ID": "80"], ["Last-Event-ID": "nothing"]] {
            let accepted = ["Accept": "text/event-stream"].merging(headers) { $1 }
            let reply = home.send("GET", "/api/v1/entries?after=7", as: "ada", headers: accepted)
            #expect(reply.status == 200)
            #expect(reply.header("Content-Type") == "text/event-stream")
        }
        #expect(asked.with { $0 } == [7, 80, 7])
    }

    @Test func `A04 what a token or a browser did is recorded as theirs`() throws {
        let home = try WebHome()
        func actor(_ reply: Reply) throws -> String? {
            #expect(reply.status == 201)
            let end = try home.home.writer.head.size
            return try home.home.reader.entries(Query(from: end, to: end)).first?.actor
        }
        func body(_ name: String) -> String { "{\"name\": \"\(name)\"}" }
        let byToken = try actor(home.send("POST", "/api/v1/people", json: body("Zoe")))
        #expect(byToken?.hasPrefix("token/") == true)
        let session = try home.session(of: "Bea")
        let byHand = try actor(
            home.send("POST", "/api/v1/people", as: nil, json: body("Yan"), headers: session.headers))
        #expect(byHand == "user/bea")
    }

    @Test func `an entry is shown and proved`() throws {
        let home = try WebHome()
        #expect(try home.get("/api/v1/entries/3", as: "ada")["entry"]?["position"]?.integer == 3)
        let proof = try home.get("/api/v1/entries/3/proof", as: "ada")
        #expect(proof["kind"]?.text == "daybook.proof")
        #expect(home.send("GET", "/api/v1/entries/999999", as: "ada").status == 404)
        #expect(home.send("GET", "/api/v1/entries/x", as: "ada").status == 400)
    }

    @Test func `the ledger is verified and signed`() throws {
        let home = try WebHome()
        #expect(try home.send("POST", "/api/v1/verify", as: "ada").json()["is_intact"] == .flag(true))
        let signed = home.send("POST", "/api/v1/checkpoint", as: "ada")
        #expect(signed.status == 201)
        let note = try #require(try signed.json()["note"]?.text)
        let body = "{\"checkpoint\": \"\(note.replacing("\n", with: "\\n"))\"}"
        let verified = try home.send("POST", "/api/v1/verify", as: "ada", json: body).json()
        #expect(verified["is_intact"] == .flag(true))
    }

    // MARK: Doors of the house

    @Test func `T26 an administrator sees the entries of others without what is personal in them`() throws {
        let home = try WebHome()
        let page = try home.get("/api/v1/entries?limit=1000", as: "ada")["entries"]?.list ?? []
        let others = page.filter { ["bea", "cy"].contains($0["owner"]?.text) }
        #expect(others.count > 10)
        #expect(others.allSatisfy { $0["personal"]?.text == nil })
        let own = page.filter { $0["owner"]?.text == home.ada }
        #expect(own.contains { $0["personal"]?.text != nil })
        let meeting = try #require(others.first { $0["type"]?.text == "meeting.seen" }?["position"]?.integer)
        let shown = home.send("GET", "/api/v1/entries/\(meeting)", as: "ada")
        #expect(shown.status == 200)
        #expect(!shown.text.contains("Secret of"))
        #expect(home.send("GET", "/api/v1/entries/\(meeting)/proof", as: "ada").status == 200)
        #expect(home.send("GET", "/api/v1/entries/\(meeting)/proof?personal=true", as: "ada").code == "forbidden")
    }

    @Test func `the service says that it is alive, and whether it is ready`() throws {
        let home = try WebHome { $0.unready = { "the views are being posted" } }
        #expect(home.send("GET", "/healthz", as: nil).status == 200)
        let reply = home.send("GET", "/readyz", as: nil)
        #expect(reply.status == 503)
        #expect(reply.code == "not_ready")
    }

    @Test func `pages are asked last`() throws {
        let home = try WebHome {
            $0.page = { visit, _ in visit.path == "/" ? .text(200, "<p>", type: "text/html") : nil }
        }
        #expect(home.send("GET", "/", as: nil).status == 200)
        #expect(home.send("GET", "/other", as: nil).status == 404)
    }

    // MARK: Settings

    @Test func `a setting is changed, read back, and put back`() throws {
        let home = try WebHome()
        let path = "/api/v1/settings/least-confidence"
        #expect(home.send("PUT", path, json: #"{"value": "80"}"#).status == 200)
        #expect(try home.get(path)["settings"]?.list.first?["text"]?.text == "80")
        #expect(home.send("PUT", path, json: #"{"value": "40"}"#).status == 400)
        #expect(home.send("DELETE", path).status == 200)
        #expect(try home.get(path)["settings"]?.list.first?["origin"]?.text == "default")
        #expect(home.send("PUT", path, json: #"{"value": "80", "is_home_wide": true}"#).status == 403)
        #expect(home.send("PUT", path, as: "ada", json: #"{"value": "80", "is_home_wide": true}"#).status == 200)
        #expect(try home.get(path)["settings"]?.list.first?["origin"]?.text == "home")
        #expect(home.send("GET", "/api/v1/settings/nothing").status == 404)
    }

    @Test func `an administrator adds a user, who has nothing yet`() throws {
        let home = try WebHome()
        let added = home.send("POST", "/api/v1/users", as: "ada", json: #"{"name": "Di", "zone": "Europe/Paris"}"#)
        #expect(added.status == 201)
        #expect(home.send("POST", "/api/v1/users", as: "ada", json: #"{"name": "di"}"#).status == 409)
        #expect(try home.get("/api/v1/users", as: "ada")["users"]?.list.count == 4)
        #expect(try home.get("/api/v1/me")["name"]?.text == "Bea")
    }
}
