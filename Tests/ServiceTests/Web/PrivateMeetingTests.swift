import Foundation
import Machine
import Projections
import SQLite
import Testing

@testable import Application
@testable import Service

/// A meeting that its calendar marks as private is known as a time that is taken, and as nothing else.
struct PrivateMeetingTests {
    /// One meeting of each mark; what is in the private ones must be nowhere.
    private static let calendar =
        """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//Tests//EN
        BEGIN:VEVENT
        UID:open@example.org
        DTSTAMP:20260101T000000Z
        DTSTART:20260104T090000Z
        DTEND:20260104T100000Z
        SUMMARY:Open house
        ATTENDEE;PARTSTAT=ACCEPTED:mailto:pal@bea.example
        END:VEVENT

        """
        + ["PRIVATE", "CONFIDENTIAL"].map {
            """
            BEGIN:VEVENT
            UID:\($0)@example.org
            DTSTAMP:20260101T000000Z
            DTSTART:20260104T120000Z
            DTEND:20260104T130000Z
            CLASS:\($0)
            SUMMARY:Canary title
            DESCRIPTION:Canary description
            LOCATION:Canary street 1
            URL:https://canary.example/meeting
            ORGANIZER;CN=Canary host:mailto:host@canary.example
            ATTENDEE;CN=Canary guest;PARTSTAT=ACCEPTED:mailto:guest@canary.example
            ATTENDEE;PARTSTAT=ACCEPTED:mailto:pal@bea.example
            END:VEVENT

            """
        }.joined() + "END:VCALENDAR\n"

    private func read() throws -> WebHome {
        let home = try WebHome()
        let path = home.place + "/work.ics"
        let text = Self.calendar.replacingOccurrences(of: "\n", with: "\r\n")
        try Folder.replace(path, with: Array(text.utf8))
        var connect = ConnectFilesRequest(path: path)
        (connect.user, connect.terms.name) = ("bea", "Work")
        _ = try home.ask(connect)
        var sync = SyncRequest()
        sync.user = "bea"
        _ = try home.ask(sync)
        try Folder.remove(path)
        return home
    }

    @Test func `T27 what a private meeting is about is in no answer and in no file`() throws {
        let home = try read()
        let shown = home.send("GET", "/api/v1/meetings?from=2026-01-04&to=2026-01-04&all=true").text
        #expect(shown.contains("Open house"))
        #expect(shown.components(separatedBy: #""is_private":true"#).count == 3)
        for route in Routes.all where route.method == .get {
            for who in ["bea", "ada"] {
                let reply = try RouteSample(route, ids: home.ids(of: "bea")).send(to: home, as: who)
                #expect(!reply.text.lowercased().contains("canary"), "\(route.name)")
            }
        }
        for name in try Folder.names(in: home.place + "/home") {
            let bytes = try? Folder.read(home.place + "/home/" + name)
            #expect(!String(decoding: bytes ?? [], as: UTF8.self).lowercased().contains("canary"), "\(name)")
        }
    }

    @Test func `T27 nobody is logged for a private meeting`() throws {
        let home = try read()
        let meeting = #"SELECT title FROM activity WHERE owner = 'bea' AND meeting IS NOT NULL ORDER BY title"#
        let titles = try home.home.views().read { try $0.prepare(meeting).map { $0.textIfPresent(0) } }
        #expect(titles == ["Open house", "Secret of Bea"])
    }
}
