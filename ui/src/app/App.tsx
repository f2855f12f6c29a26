import { Admin, CustomRoutes, localStorageStore, Resource } from "react-admin";
import { BrowserRouter, Route } from "react-router-dom";
import { authProvider } from "@/app/authProvider";
import { dataProvider } from "@/app/dataProvider";
import { HealthPage } from "@/app/HealthPage";
import { Home } from "@/app/Home";
import { Layout } from "@/app/Layout";
import { page } from "@/app/page";
import { queryClient } from "@/app/queries";
import { SignIn } from "@/app/SignIn";
import { darkTheme, lightTheme } from "@/app/theme";
import { ApiKeyList } from "@/features/accounts/api_keys";
import { UserCreate, UserEdit, UserList } from "@/features/accounts/users";
import { SegmentList } from "@/features/audiences/SegmentList";
import { ListCreate, ListEdit, ListList } from "@/features/audiences/subscription_lists";
import { ConfirmationRequestList } from "@/features/confirmations/ConfirmationRequestList";
import { DoubleOptIn } from "@/features/confirmations/DoubleOptIn";
import { AssetLibrary } from "@/features/content/AssetLibrary";
import {
  CalendarEventCreate,
  CalendarEventEdit,
  CalendarEventList,
} from "@/features/content/calendar_events";
import { ContentBlockCreate, ContentBlockEdit, ContentBlockList } from "@/features/content/content_blocks";
import {
  ContentSettingsCreate,
  ContentSettingsEdit,
  ContentSettingsList,
} from "@/features/content/content_settings";
import { EmailList } from "@/features/content/EmailList";
import {
  EmailTemplateCreate,
  EmailTemplateEdit,
  EmailTemplateList,
} from "@/features/content/email_templates";
import { TranslatorPage } from "@/features/content/TranslatorPage";
import { BlockedHostList } from "@/features/delivery/blocked_hosts";
import { DeliverabilityPage } from "@/features/delivery/DeliverabilityPage";
import { ProvidersPage } from "@/features/delivery/ProvidersPage";
import { ReturnedMailList } from "@/features/delivery/returned_mails";
import { SendingDomainEdit } from "@/features/delivery/SendingDomainEdit";
import { SuppressionShow } from "@/features/delivery/SuppressionShow";
import { SendingDomainCreate, SendingDomainList } from "@/features/delivery/sending_domains";
import { SuppressionList } from "@/features/delivery/suppressions";
import { ChannelCreate, ChannelEdit, ChannelList } from "@/features/integrations/channels/channels";
import { RecoveryList } from "@/features/integrations/recovery";
import { WorkflowEdit, WorkflowList } from "@/features/integrations/workflows";
import {
  ActivityList,
  ActivityTemplateCreate,
  ActivityTemplateEdit,
  ActivityTemplateList,
} from "@/features/journeys/activities";
import { JourneyList } from "@/features/journeys/JourneyList";
import { ContactList } from "@/features/people/ContactList";
import { CompanyCreate, CompanyEdit, CompanyList } from "@/features/people/companies";
import { CustomColumnCreate, CustomColumnEdit, CustomColumnList } from "@/features/people/custom_columns";
import { ImportList } from "@/features/people/ImportList";
import { LeadCreate, LeadEdit, LeadList } from "@/features/people/leads";

const JourneyShow = page(() => import("@/features/journeys/JourneyShow"), "JourneyShow");
const NewJourney = page(() => import("@/features/journeys/templates/NewJourney"), "NewJourney");
const JourneyEdit = page(() => import("@/features/journeys/JourneyForms"), "JourneyEdit");
const RehearsalsPage = page(() => import("@/features/journeys/rehearsals/RehearsalsPage"), "RehearsalsPage");
const RehearsalPage = page(() => import("@/features/journeys/rehearsals/RehearsalPage"), "RehearsalPage");
const SendingLimitsPage = page(() => import("@/features/messages/SendingLimitsPage"), "SendingLimitsPage");
const SegmentCreate = page(() => import("@/features/audiences/SegmentForms"), "SegmentCreate");
const SegmentEdit = page(() => import("@/features/audiences/SegmentForms"), "SegmentEdit");
const EmailCreate = page(() => import("@/features/content/EmailForms"), "EmailCreate");
const EmailEdit = page(() => import("@/features/content/EmailForms"), "EmailEdit");
const EmailInsights = page(() => import("@/features/insights/EmailInsights"), "EmailInsights");
const ContactCreate = page(() => import("@/features/people/ContactForms"), "ContactCreate");
const ContactEdit = page(() => import("@/features/people/ContactForms"), "ContactEdit");
const ImportWizard = page(() => import("@/features/people/ImportWizard"), "ImportWizard");
const ImportShow = page(() => import("@/features/people/ImportShow"), "ImportShow");

const STORE_VERSION = "1";

export function App() {
  return (
    <BrowserRouter>
      <Admin
        title="Senet"
        authProvider={authProvider}
        dataProvider={dataProvider}
        queryClient={queryClient}
        store={localStorageStore(STORE_VERSION, "senet")}
        layout={Layout}
        dashboard={Home}
        loginPage={SignIn}
        lightTheme={lightTheme}
        darkTheme={darkTheme}
        defaultTheme="light"
        disableTelemetry
        requireAuth
      >
        <Resource
          name="journeys"
          list={JourneyList}
          create={NewJourney}
          edit={JourneyEdit}
          show={JourneyShow}
        >
          <Route path=":id/rehearsals" element={<RehearsalsPage />} />
          <Route path=":id/rehearsals/:rehearsal" element={<RehearsalPage />} />
        </Resource>
        <Resource name="emails" list={EmailList} create={EmailCreate} edit={EmailEdit}>
          <Route path=":id/insights" element={<EmailInsights />} />
        </Resource>
        <Resource
          name="calendar-events"
          list={CalendarEventList}
          create={CalendarEventCreate}
          edit={CalendarEventEdit}
        />
        <Resource
          name="email-templates"
          list={EmailTemplateList}
          create={EmailTemplateCreate}
          edit={EmailTemplateEdit}
        />
        <Resource
          name="content-blocks"
          list={ContentBlockList}
          create={ContentBlockCreate}
          edit={ContentBlockEdit}
        />
        <Resource name="contacts" list={ContactList} create={ContactCreate} edit={ContactEdit} />
        <Resource name="companies" list={CompanyList} create={CompanyCreate} edit={CompanyEdit} />
        <Resource name="segments" list={SegmentList} create={SegmentCreate} edit={SegmentEdit} />
        <Resource name="lists" list={ListList} create={ListCreate} edit={ListEdit} />
        <Resource name="imports" list={ImportList} create={ImportWizard} show={ImportShow} />
        <Resource
          name="content-settings"
          list={ContentSettingsList}
          create={ContentSettingsCreate}
          edit={ContentSettingsEdit}
        />
        <Resource name="confirmation-requests" list={ConfirmationRequestList} />
        <Resource name="leads" list={LeadList} create={LeadCreate} edit={LeadEdit} />
        <Resource name="activities" list={ActivityList} />
        <Resource
          name="activity-templates"
          list={ActivityTemplateList}
          create={ActivityTemplateCreate}
          edit={ActivityTemplateEdit}
        />
        <Resource name="workflows" list={WorkflowList} edit={WorkflowEdit} />
        <Resource name="channels" list={ChannelList} create={ChannelCreate} edit={ChannelEdit} />
        <Resource name="recovery-items" list={RecoveryList} />
        <Resource
          name="sending-domains"
          list={SendingDomainList}
          create={SendingDomainCreate}
          edit={SendingDomainEdit}
        />
        <Resource name="suppressions" list={SuppressionList} show={SuppressionShow} />
        <Resource name="returned-mails" list={ReturnedMailList} />
        <Resource name="blocked-hosts" list={BlockedHostList} />
        <Resource name="api-keys" list={ApiKeyList} />
        <Resource
          name="custom-columns"
          list={CustomColumnList}
          create={CustomColumnCreate}
          edit={CustomColumnEdit}
        />
        <Resource name="users" list={UserList} create={UserCreate} edit={UserEdit} />
        <CustomRoutes>
          <Route path="/health" element={<HealthPage />} />
          <Route path="/translate-template" element={<TranslatorPage />} />
          <Route path="/deliverability" element={<DeliverabilityPage />} />
          <Route path="/providers" element={<ProvidersPage />} />
          <Route path="/sending-limits" element={<SendingLimitsPage />} />
          <Route path="/double-opt-in" element={<DoubleOptIn />} />
          <Route path="/assets" element={<AssetLibrary />} />
        </CustomRoutes>
      </Admin>
    </BrowserRouter>
  );
}
