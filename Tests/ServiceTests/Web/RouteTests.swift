import Application
import Entries
import Foundation
import Ledger
import Testing
import WebServer

@testable import Service

/// What the routes do.
@Suite struct RouteTests {
    // MARK: Meetings

    private func titles(_ value: JSONValue) -> [String] {
        value["meetings"]?.list.compactMap { $0["title"]?.text } ?? []
    }

    @Test func `J02 meetings come a page at a time, each once and in order`() throws {
        let home = try WebHome()
        for number in 0..<7 { try home.settler.meeting("m\(number)", "Meeting \(number)", hours: Int64(number / 2)) }
        var path = "/api/v1/meetings?limit=3"
        var found: [String] = []
        for _ in 0..<4 {
            let page = try home.get(path)
            #expect(page["count"]?.integer == 7)
            found += titles(page)
            guard let next = page["next"]?.text else { break }
            path = "/api/v1/meetings?limit=3&cursor=\(next)"
        }
        #expect(found == (0..<7).map { "Meeting \($0)" })
    }

    @Test func `J02 L22 what overlaps the range is shown, and what only touches it is not`() throws {
        let home = try WebHome()
        try home.settler.meeting("m", "Long", hours: 1)
        func shown(_ from: String, _ to: String) throws -> [String] {
            titles(try home.get("/api/v1/meetings?from=2026-01-05T\(from)Z&to=2026-01-05T\(to)Z"))
        }
        #expect(try shown("09:30:00", "09:45:00") == ["Long"])
        #expect(try shown("10:00:00", "11:00:00") == [])
        #expect(try shown("08:00:00", "09:00:00") == [])
        #expect(home.send("GET", "/api/v1/meetings?from=today&to=yesterday").status == 400)
    }

    @Test func `J02 a page with a state goes on where it stopped`() throws {
        let home = try WebHome()
        for number in 0..<5 { try home.settler.meeting("m\(number)", "Meeting \(number)", hours: Int64(number + 1)) }
        let first = try home.get("/api/v1/meetings?limit=2&status=coming")
        let cursor = try #require(first["next"]?.text)
        let second = try home.get("/api/v1/meetings?limit=2&status=coming&cursor=\(cursor)")
        #expect(titles(first) + titles(second) == (0..<4).map { "Meeting \($0)" })
        #expect(second["count"]?.integer == 5)
    }

    @Test func `J03 a day is a day in the zone of whoever asks`() throws {
        let home = try WebHome()
        // 23:30 UTC on Monday is Tuesday in Berlin.
        try home.settler.write(MeetingSeen(), "meeting/late", "bea") {
            ($0.meeting, $0.connection, $0.calendar) = ("late", "connection-bea", "calendar-bea")
            ($0.providerID, $0.details.title) = ("late", "Late")
            ($0.details.starts, $0.details.ends) = (
                WebHome.monday + 31 * WebHome.hour / 2, WebHome.monday + 33 * WebHome.hour / 2
            )
        }
        #expect(titles(try home.get("/api/v1/days/2026-01-05/meetings")) == [])
        #expect(titles(try home.get("/api/v1/days/2026-01-06/meetings")) == ["Late"])
    }

    @Test func `J03 the meetings of a person are those of the person, also those that were`() throws {
        let home = try WebHome()
        try home.settler.meeting("ahead", "Ahead", hours: 200)
        let page = try home.get("/api/v1/people/person-bea/meetings")
        #expect(titles(page) == ["Secret of Bea", "Ahead"])
        #expect(titles(try home.get("/api/v1/meetings?from=30d&to=+30d&person=person-bea&text=ahead")) == ["Ahead"])
    }

    @Test func `D06 a meeting is logged once, and says with whom`() throws {
        let home = try WebHome()
        let path = "/api/v1/meetings/meeting-bea/activities"
        let logged = home.send("POST", path, json: "{}")
        #expect(logged.status == 201)
        #expect(try logged.json()["activities"]?.list.count == 1)
        let again = home.send("POST", path, json: "{}")
        #expect(again.status == 409)
        #expect(again.code == "already_logged")
        try home.settler.meeting("soon", "Soon", hours: 5)
        #expect(home.send("POST", "/api/v1/meetings/soon/activities", json: "{}").status == 409)
        #expect(home.send("POST", "/api/v1/meetings/soon/activities", json: #"{"is_forced": true}"#).status == 201)
    }

    @Test func `D06 a meeting with nobody who is known is logged with nobody`() throws {
        let home = try WebHome()
        #expect(home.send("DELETE", "/api/v1/people/person-bea").status == 200)
        let reply = home.send("POST", "/api/v1/meetings/meeting-bea/activities")
        #expect(reply.status == 422)
        #expect(reply.code == "no_matches")
    }

    @Test func `D10 a note stays beside its meeting until it is taken away`() throws {
        let home = try WebHome()
        let path = "/api/v1/meetings/meeting-bea"
        #expect(home.send("PUT", "\(path)/note", json: #"{"note": "Bring the plan."}"#).status == 200)
        #expect(try home.get(path)["note"]?.text == "Bring the plan.")
        let same = home.send("PUT", "\(path)/note", json: #"{"note": "Bring the plan."}"#)
        #expect(try same.json()["is_changed"] == .flag(false))
        #expect(home.send("DELETE", "\(path)/note").status == 200)
        #expect(try home.get(path)["note"] == nil)
    }

    @Test func `D10 a note is copied into the activities of its meeting where that is wanted`() throws {
        let home = try WebHome()
        _ = home.send("POST", "/api/v1/meetings/meeting-bea/activities")
        let noted = home.send(
            "PUT", "/api/v1/meetings/meeting-bea/note", json: #"{"note": "It went well.", "is_copied": true}"#)
        let activity = try #require(try noted.json()["activities"]?.list.first?.text)
        #expect(try home.get("/api/v1/activities/\(activity)")["activity"]?["note"]?.text == "It went well.")
    }

    // MARK: People

    @Test func `people come a page at a time`() throws {
        let home = try WebHome()
        for name in ["Ann Ash", "Ben Birch", "Cat Cedar"] {
            #expect(home.send("POST", "/api/v1/people", json: "{\"name\": \"\(name)\"}").status == 201)
        }
        let first = try home.get("/api/v1/people?limit=3")
        let next = try #require(first["next"]?.text)
        let second = try home.get("/api/v1/people?limit=3&cursor=\(next)")
        let names = (first["people"]?.list ?? []) + (second["people"]?.list ?? [])
        #expect(names.compactMap { $0["name"]?.text } == ["Ann Ash", "Ben Birch", "Cat Cedar", "Pal of Bea"])
        #expect(second["next"] == nil)
        #expect(home.send("GET", "/api/v1/people?cursor=nobody").field == "cursor")
    }

    @Test func `a person is changed, and what follows is done at once`() throws {
        let home = try WebHome()
        let reply = home.send(
            "PATCH", "/api/v1/people/person-bea",
            json: #"{"name": "Pat Pine", "note": "Likes tea.", "emails": ["pat@pine.example"]}"#)
        #expect(reply.status == 200)
        #expect(try reply.json()["followed"]?["unmatched"]?.integer == 1)
        let person = try home.get("/api/v1/people/person-bea")
        #expect(person["name"]?.text == "Pat Pine")
        #expect(person["note"]?.text == "Likes tea.")
        #expect(home.send("PATCH", "/api/v1/people/person-bea", json: #"{"emails": ["no address"]}"#).status == 400)
        let same = home.send("PATCH", "/api/v1/people/person-bea", json: #"{"name": "Pat Pine"}"#)
        #expect(try same.json()["is_changed"] == .flag(false))
    }

    @Test func `an address of somebody else is given to nobody`() throws {
        let home = try WebHome()
        let added = home.send("POST", "/api/v1/people", json: #"{"name": "Di", "emails": ["pal@bea.example"]}"#)
        #expect(added.status == 409)
        _ = home.send("POST", "/api/v1/people", json: #"{"name": "Di", "emails": ["di@dahl.example"]}"#)
        let changed = home.send("PATCH", "/api/v1/people/person-bea", json: #"{"emails": ["di@dahl.example"]}"#)
        #expect(changed.status == 409)
        #expect(changed.field == "emails")
    }

    @Test func `T22 an address book is taken over from what was sent, and no file stays`() throws {
        let home = try WebHome()
        let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:Di Dahl\r\nEMAIL:di@dahl.example\r\nEND:VCARD\r\n"
        func send(_ text: String) -> Reply {
            home.send(
                "POST", "/api/v1/people-imports?book=../../etc/friends", headers: ["Content-Type": "text/vcard"],
                body: Array(text.utf8))
        }
        let first = send(card)
        #expect(first.status == 200)
        #expect(try first.json()["created"]?.integer == 1)
        #expect(try first.json()["path"]?.text == "")
        let again = send(card.replacingOccurrences(of: "Di Dahl", with: "Di Dahlke"))
        #expect(try again.json()["was_connected"] == .flag(true))
        #expect(try again.json()["changed"]?.integer == 1)
        #expect(try home.get("/api/v1/people?text=dahlke")["total"]?.integer == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: home.place + "/home/uploads").isEmpty)
        #expect(send("no card").status == 400)
        #expect(home.send("GET", "/api/v1/people-export").text.contains("FN:Di Dahlke"))
        #expect(
            home.send("GET", "/api/v1/people-export?format=csv").header("Content-Type") == "text/csv; charset=utf-8")
    }

    // MARK: Activities

    @Test func `J04 activities come a page at a time, the newest first`() throws {
        let home = try WebHome()
        for hour in 1...4 {
            let body = "{\"person\": \"person-bea\", \"title\": \"Call \(hour)\", \"occurred\": \"\(hour)h\"}"
            #expect(home.send("POST", "/api/v1/activities", json: body).status == 201)
        }
        var path = "/api/v1/activities?limit=2"
        var found: [String] = []
        while true {
            let page = try home.get(path)
            found += page["activities"]?.list.compactMap { $0["title"]?.text } ?? []
            guard let next = page["next"]?.text else { break }
            path = "/api/v1/activities?limit=2&cursor=\(next)"
        }
        #expect(found == ["Call 1", "Call 2", "Call of Bea", "Call 3", "Call 4"])
    }

    @Test func `J04 an activity is edited and retracted, and a retraction is final`() throws {
        let home = try WebHome()
        let path = "/api/v1/activities/activity-bea"
        #expect(home.send("PATCH", path, json: #"{"title": "Lunch", "kind": "visit"}"#).status == 200)
        #expect(try home.get(path)["activity"]?["title"]?.text == "Lunch")
        #expect(home.send("PATCH", path, json: #"{"kind": "party"}"#).field == "kind")
        #expect(home.send("DELETE", path).status == 200)
        #expect(home.send("DELETE", path).status == 409)
        #expect(home.send("PATCH", path, json: #"{"title": "Dinner"}"#).status == 409)
    }

    // MARK: Matches

    @Test func `C09 an address is matched, unmatched and explained`() throws {
        let home = try WebHome()
        let added = home.send("POST", "/api/v1/people", json: #"{"name": "Di Dahl"}"#)
        let di = try #require(try added.json()["person"]?["person"]?.text)
        let path = "/api/v1/addresses/pal@bea.example"
        #expect(home.send("POST", "\(path)/match", json: "{\"person\": \"\(di)\"}").status == 200)
        #expect(try home.get("\(path)/explanation")["verdict"]?.text?.contains("Di Dahl") == true)
        #expect(home.send("DELETE", "\(path)/match").status == 200)
        #expect(
            home.send("POST", "/api/v1/addresses/pal@cy.example/match", json: "{\"person\": \"\(di)\"}").status == 404)
    }

    // MARK: Connections

    @Test func `L67 a stale edit is refused`() throws {
        let home = try WebHome()
        let path = "/api/v1/connections/connection-bea"
        #expect(home.send("PATCH", path, json: #"{"minutes": 30, "seen_version": 1}"#).status == 200)
        let stale = home.send("PATCH", path, json: #"{"minutes": 60, "seen_version": 1}"#)
        #expect(stale.status == 409)
        #expect(try home.get(path)["connections"]?.list.first?["minutes"]?.integer == 30)
    }

    @Test func `A06 a server that does not answer is not connected, and its password is in no answer`() throws {
        let home = try WebHome()
        let size = try home.home.writer.head.size
        let reply = home.send(
            "POST", "/api/v1/connections",
            json: #"{"kind": "caldav", "address": "https://dav.example/", "login": "bea", "password": "CANARY"}"#)
        #expect(reply.status == 422)
        #expect(!reply.text.contains("CANARY"))
        #expect(try home.home.writer.head.size == size)
        #expect(home.send("POST", "/api/v1/connections", json: #"{"kind": "ftp", "address": "x"}"#).field == "kind")
    }

    @Test func `A08 a calendar is dropped and chosen by its id`() throws {
        let home = try WebHome()
        let path = "/api/v1/calendars/calendar-bea"
        #expect(home.send("PUT", path, json: #"{"is_chosen": false}"#).status == 200)
        #expect(try home.get("/api/v1/calendars")["calendars"]?.list.first?["is_chosen"] == .flag(false))
        #expect(home.send("PUT", path, json: #"{"is_chosen": true}"#).status == 200)
        // A part of its name names nothing here.
        #expect(home.send("PUT", "/api/v1/calendars/calendar", json: #"{"is_chosen": false}"#).status == 404)
    }

    @Test func `A10 a connection is paused and resumed`() throws {
        let home = try WebHome()
        let path = "/api/v1/connections/connection-bea"
        #expect(home.send("POST", "\(path)/pause", json: #"{"note": "On leave."}"#).status == 200)
        #expect(try home.get(path)["connections"]?.list.first?["is_paused"] == .flag(true))
        #expect(home.send("POST", "\(path)/resume").status == 200)
        #expect(try home.get(path)["connections"]?.list.first?["is_paused"] == .flag(false))
    }
}
