import Entries
import Ledger
import Providers

@testable import Sync

/// What a user does, and the ids of what it is done to.
extension Practice {
    func draft<SomeFact: Fact>(_ fact: SomeFact, _ stream: String) -> Draft {
        Draft(fact, stream: stream, owner: owner, actor: "test")
    }

    func append(_ drafts: [Draft]) throws { try writer.append(drafts) }

    func set(_ setting: Setting, _ json: String) throws {
        var changed = SettingChanged()
        changed.setting = setting.rawValue
        changed.value = json
        try append([draft(changed, "setting/\(setting.rawValue)")])
    }

    func address(_ email: String) -> String { names.address(owner, email: email) }

    /// The id of a person of an address book.
    func person(_ contact: String, book: String = "people") -> String {
        names.person(owner, account: account(book + ".vcf"), identifier: "uid:" + contact)
    }

    func meeting(_ uid: String, original: OriginalStart? = nil) -> String {
        names.meeting(owner, uid: names.uid(uid), original: original)
    }

    func activity(_ uid: String, _ contact: String, original: OriginalStart? = nil, book: String = "people") -> String {
        names.activity(meeting: meeting(uid, original: original), person: person(contact, book: book))
    }

    func claim(_ email: String) throws {
        var seen = AddressSeen()
        seen.address = address(email)
        seen.email = email
        seen.source = .hand
        var claimed = AddressClaimed()
        claimed.address = address(email)
        claimed.user = owner
        try append([seen].map { draft($0, "address/\($0.address)") } + [draft(claimed, "address/\(claimed.address)")])
    }

    func merge(_ contact: String, into survivor: String) throws {
        var merged = PersonMerged()
        merged.person = person(contact)
        merged.survivor = person(survivor)
        try append([draft(merged, "person/\(merged.person)")])
    }

    func retract(_ activity: String) throws {
        var retracted = ActivityRetracted()
        retracted.activity = activity
        retracted.reason = .byHand
        try append([draft(retracted, "activity/\(activity)")])
    }

    func edit(_ activity: String, title: String) throws {
        var edited = ActivityEdited()
        edited.activity = activity
        edited.editedFields = ["title"]
        edited.details.title = title
        try append([draft(edited, "activity/\(activity)")])
    }

    func confirmReading(_ name: String) throws {
        let run = try rows("SELECT suspected_run FROM calendar WHERE calendar = '\(calendarID(name))'").first?.first
        var confirmed = FetchConfirmed()
        confirmed.connection = connection(name)
        confirmed.calendar = calendarID(name)
        confirmed.run = run ?? ""
        try append([draft(confirmed, "calendar/\(calendarID(name))")])
    }
}
