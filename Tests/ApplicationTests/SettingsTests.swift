import Entries
import HTTP
import Ledger
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

    @Test(arguments: [
        ("NAS.lan", "nas.lan"), ("nas.lan:5232", "nas.lan:5232"),
        ("192.168.1.10 , 10.0.0.0/8", "10.0.0.0/8, 192.168.1.10"),
        ("[fd00::1]:8080", "[fd00::1]:8080"), ("fd00::/8", "fd00::/8"), ("bücher.lan", "xn--bcher-kva.lan"),
        ("nas.lan,nas.lan.", "nas.lan"), ("none", "none"),
    ])
    func `hosts that may be asked are kept as they are read`(_ typed: String, _ shown: String) throws {
        let it = try DecidingHome()
        #expect(try set(it, "allowed-hosts", typed, homeWide: true).after.text == shown)
        let (readable, unreadable) = try it.home.door.open { try $0.allowances() }.answer
        #expect(
            readable.map(\.description).sorted()
                == (shown == "none" ? [] : shown.split(separator: ", ").map(String.init)))
        #expect(unreadable.isEmpty)
    }

    @Test(arguments: [
        ("nas/lan", "neither a host", "192.168.1.0/24"), ("10.0.0.0/33", "neither a host", "192.168.1.0/24"),
        ("nas.lan:99999", "neither a host", "nas.lan:5232"), ("nas.lan:", "neither a host", "nas.lan:5232"),
        ("[::1", "neither a host", "[fd00::1]:8080"), ("a@nas.lan", "neither a host", "nas.lan"),
        ("https://nas.lan/dav/", "a whole address", "nas.lan"), ("169.254.169.254", "never opened", "keys"),
    ])
    func `what is no host and no network is refused with what is`(_ typed: String, _ flaw: String, _ hint: String)
        throws
    {
        let it = try DecidingHome()
        let before = try it.entryCount()
        var request = ChangeSettingRequest(user: nil, setting: "allowed-hosts", value: "nas.lan, \(typed)")
        request.isHomeWide = true
        let refusal = try #require(it.home.refusal(request))
        #expect(refusal.message.contains("“\(typed)”") && refusal.message.contains(flaw), "\(refusal)")
        #expect(refusal.hint?.contains(hint) == true, "\(refusal)")
        #expect(try it.entryCount() == before)
    }

    @Test func `a host that cannot be read allows nothing, and that is said`() throws {
        let it = try DecidingHome()
        var changed = SettingChanged()
        (changed.setting, changed.personalValue) = ("network.allowed_hosts", #"["nas.lan","nas/lan"]"#)
        try it.home.append([Draft(changed, stream: "setting/network.allowed_hosts", owner: Draft.home, actor: "test")])
        let (rules, notices) = try it.home.door.open { (try $0.networkRules(), $0.notices) }.answer
        #expect(rules.allowed.map(\.description) == ["nas.lan"])
        #expect(notices.contains { $0.contains("“nas/lan”") && $0.contains("settings set allowed-hosts") })
        let check = Doctor.look(at: it.home.folder, it.home.options).first { $0.name == "allowed hosts" }
        #expect(check?.state == .warning)
        #expect(check?.finding.contains("“nas/lan”") == true)
    }

    @Test func `servers are told the version of the program, and nothing of whose it is`() {
        #expect(Network.userAgent == "Daybook/\(Release.version) (reads calendars, never writes)")
    }

    @Test func `the same value again writes nothing`() throws {
        let it = try DecidingHome()
        _ = try set(it, "limit", "20")
        let before = try it.entryCount()
        #expect(!(try set(it, "limit", "20").isChanged))
        #expect(try it.entryCount() == before)
    }
}
