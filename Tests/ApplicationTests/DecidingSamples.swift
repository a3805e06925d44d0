import Machine
import Secrets

@testable import Application

/// A request of each kind that decides something, in an order in which each can be answered.
enum DecidingSamples {
    /// Ids are made from paths, so two homes that are to be the same read the same files.
    private static let place = try? temporaryPlace()

    static func requests(_ home: RunningHome) -> [any Request] {
        guard let place, let files = try? files(in: place) else { return [] }
        var person = AddPersonRequest(user: nil)
        (person.newName, person.emails) = ("Grace Hopper", ["grace@navy.example"])
        var change = ChangeConnectionRequest(user: nil, connection: "Work")
        (change.newName, change.fromDays, change.seenVersion) = ("Office", 30, 1)
        var preview = AutoLogRequest(user: nil)
        (preview.isDryRun, preview.isWithoutLimit) = (true, true)
        var changedPerson = ChangePersonRequest(user: nil, person: "Jane")
        changedPerson.note = "Likes tea."
        var hook = AddHookRequest(user: nil, hookName: "crm")
        hook.address = Confided(Secret("https://crm.example/in"))
        var forgetting = ForgetPersonRequest(user: nil, person: "Jane")
        forgetting.isDryRun = true
        return [
            ConnectFilesRequest(path: files.calendar), ImportPeopleRequest(user: nil, path: files.book), SyncRequest(),
            PeopleRequest(user: nil, text: "doe"), KnownPersonRequest(user: nil, person: "Jane"),
            MatchRequest(user: nil, address: "bob@stone.example", person: "Max"),
            UnmatchRequest(user: nil, address: "bob@stone.example", person: "Max"), SuggestionsRequest(user: nil),
            AnswerSuggestionsRequest(user: nil, address: nil, isAccepted: true), RematchRequest(user: nil),
            ClaimAddressRequest(user: nil, emails: ["me@own.example"]), OwnAddressesRequest(user: nil),
            DisclaimAddressRequest(user: nil, email: "me@own.example"), person,
            MergePeopleRequest(user: nil, person: "Max", into: "Grace"), ThisIsMeRequest(user: nil, person: "Grace"),
            RemovePersonRequest(user: nil, person: "Grace"), ExportPeopleRequest(user: nil, format: .csv),
            LogMeetingRequest(user: nil, meeting: "Offsite"), preview,
            SettingsRequest(user: nil),
            ChangeSettingRequest(user: nil, setting: "limit", value: "20"), ConnectionsRequest(user: nil), change,
            PauseConnectionRequest(user: nil, connection: "Office", isPaused: true), CalendarsRequest(user: nil),
            ChooseCalendarsRequest(user: nil, calendars: ["Work"], isChosen: false),
            RemoveConnectionRequest(user: nil, connection: "Office"), UsersRequest(user: nil),
            AddUserRequest(user: nil, newName: "Zoe"), forgetting, ForgetAccountRequest(user: nil, account: "Zoe"),
            NoteRequest(user: nil, meeting: "Offsite", text: "Bring the plan."), changedPerson,
            AlertsRequest(user: nil), IdentifyRequest(user: nil, [.init(.entry, "1")]),
            ResetBreakerRequest(user: nil, connection: "people"), JobsRequest(user: nil),
            JobHistoryRequest(user: nil, named: "log"), RunJobRequest(user: nil, job: "log"),
            RequestSyncRequest(user: nil), TakeTurnRequest(user: nil), ZoneRequest(user: nil), AdminRequest(user: nil),
            HeadRequest(), hook, HooksRequest(user: nil), ConflictsRequest(user: nil),
            DeadMessagesRequest(user: nil, hook: "crm"),
            ReplayHookRequest(user: nil, hook: "crm", after: 3), RemoveHookRequest(user: nil, hook: "crm"),
        ]
    }

    private static func files(in place: String) throws -> (calendar: String, book: String) {
        let attendees = "ATTENDEE:mailto:jane@doe.example\r\nATTENDEE:mailto:bob@stone.example\r\n"
        let event = { (uid: String, when: String, title: String) in
            "BEGIN:VEVENT\r\nUID:\(uid)\r\nDTSTAMP:20251201T000000Z\r\n\(when)\r\nSUMMARY:\(title)\r\n\(attendees)END:VEVENT\r\n"
        }
        let calendar = [
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:Work\r\n",
            event("a", "DTSTART:20251210T090000Z\r\nDURATION:PT1H", "Planning"),
            event("b", "DTSTART;VALUE=DATE:20251212", "Offsite"), "END:VCALENDAR\r\n",
        ]
        try write(calendar.joined(), to: place + "/work.ics")
        try write(
            "Name,E-mail\r\nJane Doe,jane@doe.example\r\nMax Mint,max@mint.example\r\n", to: place + "/people.csv")
        return (place + "/work.ics", place + "/people.csv")
    }
}
