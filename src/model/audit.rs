//! What owners and administrators changed: who, when, what, from what to what.

use super::{OperatorId, words};

words! {
    /// What was done.
    AuditKind {
        /// An operator was added.
        OperatorAdded = "operator_added",
        /// An operator was changed, by others or by itself.
        OperatorChanged = "operator_changed",
        /// An operator was deleted.
        OperatorDeleted = "operator_deleted",
        /// A link for an own password was made.
        OperatorInvited = "operator_invited",
        /// Such a link was taken back.
        InvitationWithdrawn = "invitation_withdrawn",
        /// Such a link was used.
        InvitationAccepted = "invitation_accepted",
        /// A template for all was added.
        TemplateAdded = "template_added",
        /// A template for all was changed.
        TemplateChanged = "template_changed",
        /// A template for all was removed.
        TemplateRemoved = "template_removed",
        /// The templates for all were put in another order.
        TemplatesOrdered = "templates_ordered",
        /// The working hours were changed.
        ScheduleChanged = "schedule_changed",
        /// A site was added.
        ChannelAdded = "channel_added",
        /// A site was changed.
        ChannelChanged = "channel_changed",
        /// A site was deleted.
        ChannelDeleted = "channel_deleted",
        /// The project's settings were changed.
        SettingsChanged = "settings_changed",
        /// A CRM was connected, or its connection changed.
        CrmChanged = "crm_changed",
        /// The CRM was disconnected.
        CrmRemoved = "crm_removed",
        /// The additional fields of leads were changed.
        CrmFieldsChanged = "crm_fields_changed",
        /// A backup was made to be downloaded.
        BackupMade = "backup_made",
    }
}

/// One field that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number, growing.
    pub id: i64,
    /// Who did it.
    pub operator_id: OperatorId,
    /// What was done.
    pub kind: AuditKind,
    /// What it was done to, by the name that it had then; empty: there is only one.
    pub subject: String,
    /// The field; `None`: the whole.
    pub field: Option<String>,
    /// What stood in it. Secrets never do.
    pub old: Option<String>,
    /// What stands in it since.
    pub new: Option<String>,
    /// When.
    pub changed_at: i64,
}
