public import Entries
import HTTP
import Matching
import Schedule

/// Why a text cannot be the value of a setting.
public struct SettingFault: Error, Sendable, Equatable {
    public let message: String
    public let hint: String?
}

extension Setting {
    /// The JSON of a value as a person types it.
    public func json(_ text: String) throws(SettingFault) -> String {
        switch kind {
        case .flag:
            switch text.lowercased() {
            case "on", "yes", "true", "1": return "true"
            case "off", "no", "false", "0": return "false"
            default: throw SettingFault(message: "“\(shortName)” is on or off, not “\(text)”", hint: nil)
            }
        case .number(_, let range):
            guard let number = Int64(text), range.contains(number) else {
                throw SettingFault(
                    message:
                        "“\(shortName)” is a whole number from \(range.lowerBound) to \(range.upperBound), not “\(text)”",
                    hint: nil)
            }
            return String(number)
        case .word(_, let words):
            guard words.contains(text) else {
                throw SettingFault(
                    message: "there is no \(shortName) “\(text)”", hint: "There is: \(words.joined(separator: ", ")).")
            }
            return "\"\(text)\""
        case .names: return JSONList.json(try names(text))
        case .hosts: return JSONList.json(try hosts(text))
        case .hours:
            if text.isEmpty || text.lowercased() == "none" { return "\"\"" }
            guard let hours = WorkingHours(text) else {
                throw SettingFault(
                    message: "“\(text)” cannot be read as working hours",
                    hint: "As in: mon-fri 08:00-18:00, or: 22:00-06:00")
            }
            return "\"\(hours)\""
        case .publicAddress:
            if text.isEmpty || text.lowercased() == "none" { return "\"\"" }
            return "\"\(try PublicAddress(text).text)\""
        case .networks: return JSONList.json(try networks(text))
        }
    }

    /// Hosts with or without a port, addresses and networks, between commas, as the client reads them; “none” is none.
    private func hosts(_ text: String) throws(SettingFault) -> [String] {
        if text.isEmpty || text.lowercased() == "none" { return [] }
        var hosts: Set<String> = []
        for part in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            hosts.insert(try allowance(String(part)).description)
        }
        return hosts.sorted()
    }

    /// Addresses and networks, between commas. A name would be worth what its name server says; “none” is none.
    private func networks(_ text: String) throws(SettingFault) -> [String] {
        if text.isEmpty || text.lowercased() == "none" { return [] }
        var networks: Set<String> = []
        for part in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            guard let network = TrustedProxies.canonical(String(part)) else {
                throw SettingFault(
                    message: "“\(part)” is neither an address nor a network", hint: "As in: 127.0.0.1 or 172.16.0.0/12")
            }
            networks.insert(network)
        }
        return networks.sorted()
    }

    private func allowance(_ text: String) throws(SettingFault) -> Allowance {
        let accepted = "As in: nas.lan, nas.lan:5232, 192.168.1.10, [fd00::1]:8080 or 192.168.1.0/24"
        guard let allowance = try? Allowance(text) else {
            guard text.contains("://"), let address = try? Address(text) else {
                throw SettingFault(
                    message: "“\(text)” is neither a host, a host with a port, nor a network", hint: accepted)
            }
            throw SettingFault(
                message: "“\(text)” is a whole address, and hosts are allowed",
                hint: "Its host is: \(address.origin.host)")
        }
        guard !allowance.isInVain else {
            throw SettingFault(
                message: "“\(text)” is never opened, whoever allows it",
                hint: "There machines keep their keys, or there is no single machine. \(accepted)")
        }
        return allowance
    }

    /// Addresses and domains between commas, in the form in which they are compared; “none” is none.
    private func names(_ text: String) throws(SettingFault) -> [String] {
        if text.isEmpty || text.lowercased() == "none" { return [] }
        var names: [String] = []
        for part in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }).map(String.init) {
            let name =
                part.contains("@") && !part.hasPrefix("@") ? MailAddress(part)?.text : MailAddress.domain(of: part)
            guard let name, self != .ownDomains || !name.contains("@") else {
                throw SettingFault(
                    message: "“\(part)” is no \(self == .ownDomains ? "domain" : "address or domain")",
                    hint: "As in: brandt.example")
            }
            if !names.contains(name) { names.append(name) }
        }
        return names.sorted()
    }

    /// The entry that gives it a value; what tells about people stands in the half that can be erased.
    public func changed(to json: String?, from before: Settings.Value) -> SettingChanged {
        var changed = SettingChanged()
        changed.setting = rawValue
        if [.names, .hosts, .networks, .publicAddress].contains(kind) {
            changed.personalValue = json
        } else {
            changed.value = json
            changed.previousValue = before.origin == "default" ? nil : before.json
        }
        return changed
    }
}
