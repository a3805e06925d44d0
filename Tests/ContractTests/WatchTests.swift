import Entries
import Sync
import Testing

@testable import Application

/// Watches of a whole home at the emulators: what its owner sees, and what is left at the provider.
@Suite(.serialized) struct WatchTests {
    private func setAddress(_ home: ContractHome, _ text: String) throws {
        var change = ChangeSettingRequest(user: nil, setting: "public-address", value: text)
        change.isHomeWide = true
        _ = try home.ask(change)
    }

    private func states(_ home: ContractHome) throws -> [String] {
        try home.ask(WatchesRequest(user: nil)).watches.map(\.state.rawValue)
    }

    private func channels(_ side: GoogleSide) throws -> Int {
        try (side.wire.control("GET", "channels") as? [Any])?.count ?? -1
    }

    @Test(.enabled(if: Kind.here.contains(.google)))
    func `A11 H05 a calendar of Google is pushed, and after pausing, dropping or removing nothing is left there`()
        throws
    {
        let home = try ContractHome()
        let side = try GoogleSide()
        try side.put(Meeting("one@meet.example", "Planning", "2025-12-10T09:00") { $0.guests = [.jane] })
        try side.connect(home)
        #expect(try states(home) == ["polled"])
        try setAddress(home, "https://daybook.example/hooks-of-mine/")
        #expect(try home.inside { try $0.tendWatches().opened } == 0)
        try home.sync()
        #expect(try home.inside { try $0.tendWatches().opened } == 1)
        #expect(try channels(side) == 1)
        let channel = try #require((side.wire.control("GET", "channels") as? [[String: Any]])?.first)
        #expect(channel["address"] as? String == "https://daybook.example/hooks-of-mine/hooks/google")
        #expect(try states(home) == ["pushed"])
        let status = try home.ask(StatusRequest(user: nil)).sources.flatMap(\.calendars)
        #expect(status.filter(\.isChosen).map(\.push) == [.pushed])

        _ = try home.ask(PauseConnectionRequest(user: nil, connection: home.connection, isPaused: true))
        #expect(try home.inside { try $0.tendWatches().stopped } == 1)
        #expect(try channels(side) == 0)
        #expect(try states(home) == ["paused"])
        _ = try home.ask(PauseConnectionRequest(user: nil, connection: home.connection, isPaused: false))
        #expect(try home.inside { try $0.tendWatches().opened } == 1)

        _ = try home.ask(RemoveConnectionRequest(user: nil, connection: home.connection))
        #expect(try channels(side) == 0)
        #expect(try states(home) == [])
        #expect(try home.rows("SELECT COUNT(*) FROM watch") == ["0"])
    }

    @Test(.enabled(if: Kind.here.contains(.microsoft)))
    func `H05 M06 where Microsoft does not reach us a calendar is polled, and the reason is told`() throws {
        let home = try ContractHome()
        let side = try MicrosoftSide()
        try side.put(Meeting("one@meet.example", "Planning", "2025-12-10T09:00") { $0.guests = [.jane] })
        try side.connect(home)
        try home.sync()
        try setAddress(home, "https://daybook.example")
        #expect(try home.inside { try $0.tendWatches().failed } == 1)
        let watch = try #require(try home.ask(WatchesRequest(user: nil)).watches.first)
        #expect(watch.state == .failed)
        #expect(watch.reason?.contains("public address") == true)
        #expect(watch.retry != nil)
        #expect(try home.ask(StatusRequest(user: nil)).sources.flatMap(\.calendars).contains { $0.pushReason != nil })
        #expect(try home.outcomes() == ["unchanged"])
        try setAddress(home, "none")
        #expect(try states(home) == ["polled"])
    }

    @Test(arguments: [
        "http://daybook.example", "daybook.example", "https://", "https://user:pw@daybook.example",
        "https://daybook.example/?x=1", "https://daybook.example/#x", "ftp://daybook.example", "https://a b",
        "https://daybook.example/\"x",
    ])
    func `M06 what is no public address is refused, and nothing is pushed`(_ text: String) throws {
        let home = try ContractHome()
        #expect(throws: Refusal.self) { try setAddress(home, text) }
        #expect(try home.ask(WatchesRequest(user: nil)).publicAddress == nil)
    }

    @Test func `M06 an address is kept in its plain form, and taken away again`() throws {
        let home = try ContractHome()
        for (typed, kept) in [
            ("https://Daybook.Example/", "https://daybook.example"),
            ("https://example.org:8443/daybook/", "https://example.org:8443/daybook"),
        ] {
            try setAddress(home, typed)
            #expect(try home.ask(WatchesRequest(user: nil)).publicAddress == kept)
        }
        try setAddress(home, "none")
        #expect(try home.ask(WatchesRequest(user: nil)).publicAddress == nil)
    }
}
