import Entries
import Machine
import Projections
import SQLite
import Sync

/// What runs: the program, the service that owns the home, and whether a socket is left of one that ended.
extension Doctor {
    /// Two connections that write and checkpoint one file at the same time can lose rows before this version.
    private static let mendedVersion = [3, 51, 3]

    mutating func lookAtProgram() {
        let version = Connection.libraryVersion
        let parts = version.split(separator: ".").compactMap { Int($0) }
        let isMended = !parts.lexicographicallyPrecedes(Self.mendedVersion)
        let fault = isMended ? "" : " (with the fault of two writers, which is kept away:"
        let rule = "one connection writes and checkpoints each file"
        note(
            "program", .ok,
            "Daybook \(Release.version), SQLite \(version)\(isMended ? "; \(rule)" : "\(fault) \(rule))")")
    }

    /// - Returns: whether a service answers, which then looks inside.
    mutating func lookAtService() -> Bool {
        guard Folder.exists(folder.socket) else {
            note("service", .ok, "none runs; commands open the home themselves")
            return false
        }
        do {
            if try LocalConnection.connect(to: folder.socket) != nil {
                note("service", .ok, "it answers at \(folder.socket)")
                return true
            }
            note(
                "service", .warning, "\(folder.socket) is left of a service that ended: nobody listens there",
                "systemctl status daybook, or daybook serve; the next service puts its own in the place")
        } catch {
            note("service", .warning, "its socket cannot be used: \(error)", "systemctl status daybook")
        }
        return false
    }

    /// What the service finds in its home.
    mutating func askService() {
        let request = DoctorRequest(user: user)
        do {
            let (found, _) = try Door(folder, options).converse { try $0.ask(request) }
            for check in found { note(check.name, check.state, check.finding, check.remedy) }
        } catch let refusal as Refusal {
            note("service", .failure, refusal.message, refusal.hint ?? "systemctl status daybook")
        } catch {
            note("service", .failure, "it does not answer: \(error)", "systemctl status daybook")
        }
    }

    mutating func lookAtSchedule(_ home: OpenHome) {
        guard let isOn = try? home.views().read({ try Settings(of: Draft.home, $0).flag(.schedule) }), !isOn else {
            return
        }
        note("schedule", .warning, "it is off, so a service does nothing by itself", "daybook jobs start")
    }

    /// Below so many a busy service may refuse who comes.
    private static let fewestDescriptors = 64

    mutating func lookAtDescriptors() {
        guard let (open, limit) = ThisProcess.descriptors else { return }
        let text = "\(open) of \(limit) are open"
        if limit - open < Self.fewestDescriptors {
            note("descriptors", .warning, text, "Raise the limit: LimitNOFILE in the unit, or ulimit -n")
        } else {
            note("descriptors", .ok, text)
        }
    }
}

/// What the doctor finds inside a home that somebody owns.
public struct DoctorRequest: Request {
    public static let name = "doctor"

    public var user: String?

    public init(user: String?) { self.user = user }

    public func answer(in home: OpenHome) throws -> [Doctor.Check] { Doctor.look(inside: home, user: user) }
}
