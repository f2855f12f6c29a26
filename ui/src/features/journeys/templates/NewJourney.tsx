import { Route, Routes } from "react-router-dom";
import { JourneyCreate } from "../JourneyForms";
import { TemplateGallery } from "./TemplateGallery";

/** A new journey: choose what to begin with, or draw it from nothing. */
export function NewJourney() {
  return (
    <Routes>
      <Route index element={<TemplateGallery />} />
      <Route path="blank" element={<JourneyCreate />} />
    </Routes>
  );
}
