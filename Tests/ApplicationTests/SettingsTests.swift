import Entries
import Testing

@testable import Application

/// Settings: their values, where they come from, and what follows when they change.
@Suite struct SettingsTests {
    private typealias Event = DecidingHome.Event

    private static let like = Event(
        uid: "b", title: "Like", day: "20251211T0900", people: [DecidingHome.janeElsewhere])

    private func value(_ it: DecidingHome, _ name: String, user: String? = nil) throws -> String {
        let shown = try #require(try it.home.ask(SettingsRequest(user: user, setting: name)).settings.first)
        return "\(shown.text) (\(shown.origin))"
    }

    private func set(_ it: DecidingHome, _ name: String, _ value: String?, user: String? = nil, homeWide: Bool = false)
        throws -> ChangeSettingRequest.Changed
    {
        var request = ChangeSettingRequest(user: user, setting: name, value: value)
        request.isHomeWide = homeWide
        return try it.home.ask(request)
    }

    @Test func `C03 L33 a setting that lets names log does it at once, and back again`() throws {
        let it = try DecidingHome([Self.like], people: [DecidingHome.jane])
        #expect(try it.activities() == [])
        #expect(try set(it, "names", "on").followed.logged == 1)
        #expect(try it.activities() == ["Like: Jane Doe"])
        #expect(try set(it, "names", nil).followed.retracted == 1)
        #expect(try value(it, "names") == "off (default)")
    }

    @Test func `a user's own value goes before that of the home, and that before the default`() throws {
        let it = try DecidingHome()
        _ = try it.home.ask(AddUserRequest(user: nil, newName: "Grace"))
        _ = try set(it, "limit", "20", homeWide: true)
        _ = try set(it, "limit", "30", user: "Grace")
        #expect(try value(it, "limit") == "20 (home)")
        #expect(try value(it, "limit", user: "Grace") == "30 (own)")
        _ = try set(it, "limit", nil, user: "Grace")
        #expect(try value(it, "limit", user: "Grace") == "20 (home)")
        _ = try set(it, "limit", nil, homeWide: true)
        #expect(try value(it, "limit") == "10 (default)")
    }

    @Test func `only an admin changes a setting for the whole home`() throws {
        let it = try DecidingHome()
        _ = try it.home.ask(AddUserRequest(user: nil, newName: "Grace"))
        var request = ChangeSettingRequest(user: "Grace", setting: "limit", value: "20")
        request.isHomeWide = true
        #expect(it.home.refusal(request)?.message.contains("only an admin") == true)
    }

    @Test func `a list that tells about people stands in the half that can be erased`() throws {
        let it = try DecidingHome()
        _ = try set(it, "blocked", "Noise@Spam.example, @other.example")
        #expect(try value(it, "blocked") == "noise@spam.example, other.example (own)")
        var log = LogRequest()
        log.types = ["setting.changed"]
        let entry = try #require(try it.home.ask(log).entries.first)
        #expect(!entry.data.contains("noise"))
        #expect(entry.personal?.contains("noise@spam.example") == true)
    }

    @Test(arguments: [
        ("limit", "0"), ("limit", "many"), ("names", "perhaps"), ("own-domains", "a@b.example"), ("no", "1"),
    ])
    func `what is no value is refused, and nothing is written`(_ name: String, _ value: String) throws {
        let it = try DecidingHome()
        let before = try it.entryCount()
        let refusal = it.home.refusal(ChangeSettingRequest(user: nil, setting: name, value: value))
        #expect(refusal?.kind == .badRequest)
        #expect(try it.entryCount() == before)
    }

    @Test func `the same value again writes nothing`() throws {
        let it = try DecidingHome()
        _ = try set(it, "limit", "20")
        let before = try it.entryCount()
        #expect(!(try set(it, "limit", "20").isChanged))
        #expect(try it.entryCount() == before)
    }
}
